"""What fulfils the wishes of dialogues."""
