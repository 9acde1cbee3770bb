"""Settings that hold for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Speed belongs to the benchmarks: a loaded machine must not turn a property red.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A developer's own database is none of the tests' business.
os.environ.pop("DATABASE_URL", None)
