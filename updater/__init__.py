"""Signed releases of the program on a box: what one is, how one goes beside the running one, and back.

Python's standard library alone: the installer copies this package to /opt/kentongan/updater, where root runs
it with the system's Python. It never runs code of a release, and no release replaces it.
"""
