"""Import of cases of agencies and other hubs, from files."""
