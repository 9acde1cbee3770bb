"""Keys, epochs and the sealing of reports and answers."""
