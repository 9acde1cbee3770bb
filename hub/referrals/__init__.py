"""Referral of reports and cases to the agencies that help, what each was told, and what it answered."""
