"""Which reports speak of one recruiter, and which tell one event: pure, no I/O but package data, no clock."""
