"""Measurements that anybody can repeat: `kentongan bench`."""
