"""The sans-I/O link protocol: bytes and now in; frames, events and the next timer out."""
