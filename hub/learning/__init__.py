"""Evaluation and learning: what became of signals and reports, and what that says about rules and scores."""
