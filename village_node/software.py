"""Which version of the program this is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def software_version() -> tuple[int, int, int]:
    """Return the version of this program; zeros where it is not installed."""
    try:
        parts = [int("".join(filter(str.isdigit, part)) or 0) for part in version("kentongan").split(".")]
    except PackageNotFoundError:
        parts = []
    major, minor, patch = (parts + [0, 0, 0])[:3]
    return major, minor, patch
