"""How long the hub keeps what it was told, and how it forgets."""
