"""Counts of weeks watched for what is more than usual: pure, whole matrices of series at once."""
