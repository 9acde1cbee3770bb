"""Rotation of the key for which villages seal: who knows it, what may still come, when the old one may go."""
