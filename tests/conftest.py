"""Settings that hold for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Speed belongs to the benchmarks: a loaded machine must not turn a property red.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
