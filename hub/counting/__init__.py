"""Counters of reports by week: kept with each report, checked and counted anew in pieces."""
