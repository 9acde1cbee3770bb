"""Dated table of Indonesia's administrative areas: package data, no other I/O."""
