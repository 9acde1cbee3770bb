"""The triage score of one report: points with reasons, rules, and what staff puts in its place."""
