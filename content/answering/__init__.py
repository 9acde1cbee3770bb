"""Answers to villagers' questions out of the signed material, or a plain "I do not know". Pure, offline."""
