"""What the bots say: pure functions from a state and an input to a state, replies and wishes."""
