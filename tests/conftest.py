"""Settings that hold for every test."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from template_code import TemplateCode

from sync import passwords

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


# Accounts and PINs are made by the thousand too. Processes that a test starts know nothing of this.
FULL_COST, QUICK_COST = passwords.COST, passwords.Cost(memory_kib=8, passes=1, lanes=1)


def set_password_cost(cost: passwords.Cost) -> None:
    """Hash passwords at this cost, where no other is asked for."""
    passwords.COST = cost
    for function in (passwords.hash_password, passwords.needs_new_hash, passwords.password_matches):
        function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), "cost": cost}


@pytest.fixture
def full_password_cost() -> Iterator[None]:
    """For tests of the cost itself: what the programs have."""
    set_password_cost(FULL_COST)
    yield
    set_password_cost(QUICK_COST)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that start processes: the longest tests must not be the last."""
    slow = {item.path for item in items if "slow" in item.keywords}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """Hash quickly, and look for garbage from now on among what the tests themselves make."""
    set_password_cost(QUICK_COST)
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Let go of what this process made for all of its tests.

    Not in `atexit` nor in `pytest_unconfigure`: xdist interrupts a worker that has not ended five seconds
    after its last test, and kills it after ten. On a busy machine it has not ended by then.
    """
    for module, clean_up in (
        ("stores", "close_server"),
        ("village", "remove_what_was_made_once"),
        ("fork_server", "close_server"),
    ):
        if module in sys.modules:
            getattr(sys.modules[module], clean_up)()
