"""Awareness material and samples: dated, sourced data that the programs read."""
