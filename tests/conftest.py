"""Settings that hold for every test."""

from __future__ import annotations

import gc
import os
import sys

from flask import Flask
from hypothesis import HealthCheck, settings
from template_code import TemplateCode

# Speed belongs to the benchmarks: a loaded machine must not turn a property red.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A developer's own database is none of the tests' business.
os.environ.pop("DATABASE_URL", None)

# Sites are made by the thousand: each template is compiled once in a process, not once in a site.
Flask.jinja_options = {"bytecode_cache": TemplateCode()}

# Half a million objects of modules and collected tests live to the end: looking through them for garbage
# took half a second each time, again and again.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from now on among what the tests themselves make."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Remove the PostgreSQL that this process started: a worker of xdist ends without its own clean-up."""
    stores = sys.modules.get("stores")
    if stores is not None:
        stores.close_server()
