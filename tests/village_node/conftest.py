"""A region whose hub and nodes are closed whatever a test does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from village import Region, quick_folder


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()
