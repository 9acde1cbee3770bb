"""A region whose hub and nodes are closed whatever a test does; each test runs on both databases of a hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import KINDS, store_url
from village import Region, quick_folder


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The URL of an empty database; None: a file in the hub's folder."""
    with store_url(request.param) as url:
        yield url


@pytest.fixture
def region(tmp_path: Path, database_url: str | None) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder, database_url=database_url)
        yield region
        region.close()
