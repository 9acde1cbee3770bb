"""Tests of the engines that are not installed by default: skipped with a word, never with CI set."""

from __future__ import annotations

import os

import pytest

from hub.machine_reading.running import missing_library


def need(kind: str) -> None:
    """Skip the test, or fail it with CI set, where what runs models of a kind is not installed."""
    missing = missing_library(kind)
    if missing is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
