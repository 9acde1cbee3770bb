"""The shipped material as a dictionary that a test may change."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from content.files import shipped_files

TODAY = datetime.date(2026, 11, 25)
"""The day on which the shipped material was written; its age is judged as of this day."""


@pytest.fixture(scope="session")
def shipped() -> dict[str, bytes]:
    return dict(shipped_files())


@pytest.fixture
def files(shipped: dict[str, bytes]) -> dict[str, bytes]:
    return dict(shipped)


@pytest.fixture
def replace(files: dict[str, bytes]) -> Callable[[str, str, str], dict[str, bytes]]:
    """Return a function that replaces a text in one file, once, and gives the files."""

    def change(path: str, old: str, new: str) -> dict[str, bytes]:
        text = files[path].decode("utf-8")
        assert old in text
        files[path] = text.replace(old, new, 1).encode("utf-8")
        return files

    return change


@pytest.fixture(scope="session")
def today() -> datetime.date:
    return TODAY
