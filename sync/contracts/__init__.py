"""Contract files: the report schema and the list of indicators, as package data."""
