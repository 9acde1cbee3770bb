"""Disks that a power cut could have left, with any part of the unflushed writes: each keeps every promise."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from crash_states import crash_the_control, crash_the_node
from logged_disk import HOW_TO_INSTALL, PROGRAMS

pytestmark = pytest.mark.slow
STATES = 12
"""A few in the suite; scripts/crash-rig looks at a thousand, and starts the node on some."""


@pytest.fixture(autouse=True)
def disks() -> None:
    missing = [one for one in PROGRAMS if shutil.which(one) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"needs {', '.join(missing)}: {HOW_TO_INSTALL}")
    if missing or os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip(f"needs root, FUSE and {HOW_TO_INSTALL}")


def test_no_crash_state_lacks_what_was_promised(tmp_path: Path) -> None:
    told: list[str] = []
    found = crash_the_node(STATES, 0, tmp_path, random.Random(5), told.append, starts=1, receipts=15)
    assert found["receipts_looked_for"] > 0
    assert found["with_writes_dropped"] > 0
    bad = ("receipts_lost", "databases_broken")
    assert {name: found[name] for name in bad} == dict.fromkeys(bad, 0), told


def test_the_crash_states_really_lose_what_was_not_flushed(tmp_path: Path) -> None:
    assert crash_the_control(STATES, tmp_path, random.Random(5), rows=300)["rows_lost"] > 0
