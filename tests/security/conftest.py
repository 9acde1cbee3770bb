"""A node and a hub as they are in use: the real programs, each in a process of its own, on loopback."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import run_here, scene
from served_sites import NAME, OPEN_FILES, PASSWORD, Served


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One start for all tests: they leave the sites as they found them."""
    folder: Path = tmp_path_factory.mktemp("served")
    with scene(folder, anew=True) as made:
        radios = tuple(made.start_air("--seed", "3", devices=3))
        secret = folder / "password"
        secret.write_text(PASSWORD)
        run_here(
            *("hub", "user", "add", str(made.hub_folder), NAME, "--role", "analyst"),
            *("--password-file", str(secret)),
        )
        first_pin = re.findall(r"\b\d{8}\b", run_here("node", "pin", "reset", str(made.node_folder)))[0]
        hub = made.start_hub("--radio", radios[1])
        resource.prlimit(hub.process.pid, resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        sites = Served(made, hub, radios, first_pin)
        sites.start_node()
        yield sites


@pytest.fixture(params=["public", "facilitator", "office"])
def site(request: pytest.FixtureRequest, served: Served) -> str:
    """The address of each site in turn."""
    return str(getattr(served, request.param))
