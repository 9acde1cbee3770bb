"""Bulletins to people who asked for them over the bots: who is told, what waits, and how it is handed out."""
