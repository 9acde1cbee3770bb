"""The store of linking: evidence, suggestions, what people decided, people of interest."""
