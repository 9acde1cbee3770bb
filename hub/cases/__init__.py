"""What staff do with reports: states, the inbox, cases, search, the duty roster."""
