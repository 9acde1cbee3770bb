"""A region whose hub and nodes are closed whatever a test does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from village import Region


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    region = Region(tmp_path)
    yield region
    region.close()
