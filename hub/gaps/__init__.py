"""Gaps in the material: questions that no village could answer, and answers on their way into it."""
