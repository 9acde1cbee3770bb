"""Dialogues of the bots. A bot hands a finished report to the node through `sync.handin`."""
