"""The weekly watch: judges the last whole week of all series, hands on what it finds, catches up."""
