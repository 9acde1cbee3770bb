"""Radios and modems on serial ports and TCP, and the emulator that stands in for them."""
