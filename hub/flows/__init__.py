"""Where people are taken from, through and to: counters by week for one picture."""
