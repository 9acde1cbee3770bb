"""The power of a node is cut, on a disk that loses what was not flushed: what was promised is there, once."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from lossy_disk import HOW_TO_INSTALL, PROGRAMS, cut_the_control, cut_the_node

pytestmark = pytest.mark.slow
CUTS = 3
"""A few in the suite; scripts/power-rig does hundreds."""


@pytest.fixture(autouse=True)
def disks() -> None:
    missing = [one for one in PROGRAMS if shutil.which(one) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"needs {', '.join(missing)}: {HOW_TO_INSTALL}")
    if missing or os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip(f"needs root, FUSE and {HOW_TO_INSTALL}")


def test_a_power_cut_loses_and_doubles_nothing_that_was_promised(tmp_path: Path) -> None:
    told: list[str] = []
    found = cut_the_node(CUTS, tmp_path, random.Random(5), told.append)
    assert found["receipts"] > 5
    assert found["at_hub"] >= found["receipts"]
    bad = ("receipts_lost", "twice_at_hub", "changed_at_hub", "databases_broken")
    assert {name: found[name] for name in bad} == dict.fromkeys(bad, 0), told


def test_the_disk_really_loses_what_was_not_flushed(tmp_path: Path) -> None:
    assert cut_the_control(2, tmp_path, random.Random(5))["rows_lost"] > 0
