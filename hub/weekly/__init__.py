"""The weekly report: a week's figures, counted once, kept as numbers, told as page and PDF."""
