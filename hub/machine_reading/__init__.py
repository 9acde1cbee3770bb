"""What a machine can read out for an officer: phrases of regional languages, and models that an operator
supplies."""
