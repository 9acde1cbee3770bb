"""SMS at the rim of the bots: who is answered, and how an answer fits into one message."""
