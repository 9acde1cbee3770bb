"""Pages of the village node."""
