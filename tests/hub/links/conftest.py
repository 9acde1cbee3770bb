"""A hub whose reports are linked."""

from __future__ import annotations

import pytest
from linked_reports import LinkedReports
from village import Region


@pytest.fixture
def linked(region: Region) -> LinkedReports:
    return LinkedReports(region)
