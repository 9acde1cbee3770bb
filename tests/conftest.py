"""Settings that hold for every test."""

from __future__ import annotations

import os
import sys

from hypothesis import HealthCheck, settings

# Speed belongs to the benchmarks: a loaded machine must not turn a property red.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A developer's own database is none of the tests' business.
os.environ.pop("DATABASE_URL", None)


def pytest_unconfigure() -> None:
    """Remove the PostgreSQL that this process started: a worker of xdist ends without its own clean-up."""
    stores = sys.modules.get("stores")
    if stores is not None:
        stores.close_server()
