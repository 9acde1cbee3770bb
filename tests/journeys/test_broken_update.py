"""A broken release is shipped to a real node: it comes back, holds every receipt, and the hub says so."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from launcher import Launcher
from processes import Scene, run_here, sample_lines, scene
from releases import FIRST, PUBLIC, installed_box, release

from kentongan import main
from sync.handin import HandIn
from updater.slots import MAX_STARTS, State

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SITE_PACKAGES = Path(pytest.__file__).parents[1]
WORKS = f"""
import importlib.util

def main():
    spec = importlib.util.spec_from_file_location("kentongan_itself", {str(ROOT / "kentongan.py")!r})
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main()
"""
DIES = "def main():\n    raise SystemExit('broken')\n"
HANGS = "def main():\n    import time\n    time.sleep(3600)\n"
OPENS_NO_STORE = f"""
import village_node.store_wiring
from sync.storage.writer import StorageError

def broken(*_):
    raise StorageError("broken")

village_node.store_wiring.migrate = broken
{WORKS}"""
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def village(tmp_path: Path) -> Iterator[tuple[Scene, Launcher]]:
    with scene(tmp_path, hub_init=["--release-key", PUBLIC.hex()]) as made:
        made.start_hub()
        (tmp_path / "opt").mkdir()
        slots = installed_box(tmp_path / "opt", paths=[ROOT, SITE_PACKAGES], program=WORKS)
        with socket.create_server(("127.0.0.1", 0)) as free:
            listen = f"127.0.0.1:{free.getsockname()[1]}"
        assert made.hub is not None
        words = ["--listen", listen, "--hub", made.hub.ready["url"], "--wait", "0", "0", "--quick-text"]
        words += ["--internet-every", "0.5", "--speed", "50"]
        launcher = Launcher(slots, made.node_folder, f"http://{listen}", words, tmp_path / "box.log")
        try:
            yield made, launcher
        finally:
            launcher.close()


def status(made: Scene) -> dict[str, Any]:
    with HandIn(made.node_folder) as node:
        return node.status()


def says(made: Scene, launcher: Launcher, software: str) -> None:
    def so() -> bool:
        try:
            return bool(status(made)["software"] == software)
        except Exception:
            return False

    launcher.wait_for(so, f"version {software} answers", every_s=0.3)


def hub_says(made: Scene, launcher: Launcher, **wanted: str) -> None:
    def so() -> bool:
        [box] = map(json.loads, run_here("hub", "fleet", "list", str(made.hub_folder), "--json").splitlines())
        update = box["update"] or {}
        return all(update.get(name) == value for name, value in wanted.items())

    launcher.wait_for(so, f"the hub says {wanted}", every_s=0.6)


def test_broken_releases_come_back_and_a_good_one_stays(
    village: tuple[Scene, Launcher], tmp_path: Path
) -> None:
    made, launcher = village
    lines = iter(sample_lines(6))
    says(made, launcher, FIRST)
    filed = made.file([next(lines), next(lines)])
    made.wait_for(set(filed))

    # By internet, offered by the hub: it ends at once.
    shipped = tmp_path / "broken.release"
    shipped.write_bytes(release("0.2.0", DIES))
    run_here("hub", "release", "add", str(made.hub_folder), str(shipped))
    offer = ["hub", "release", "offer", str(made.hub_folder), "0.2.0", "--reason", "uji"]
    assert json.loads(run_here(*offer)) == {"rollout": 1}
    before = launcher.starts
    launcher.wait_for_state(State(good=FIRST, left="0.2.0", why="crashed"))
    assert launcher.starts >= before + MAX_STARTS
    says(made, launcher, FIRST)
    hub_says(made, launcher, running=FIRST, left="0.2.0", trouble="crashed")

    # From a stick: it hangs.
    def bring(data: bytes) -> int:
        shipped.write_bytes(data)
        words = ["node", "update", str(made.node_folder), str(shipped)]
        return CliRunner().invoke(main, words).exit_code

    assert bring(release("0.2.1", HANGS)) == 0
    launcher.wait_for_answer("silent")
    launcher.now_s += 1000
    launcher.wait_for_state(State(good=FIRST, left="0.2.1", why="silent"))
    says(made, launcher, FIRST)
    filed |= made.file([next(lines)])

    # Its site answers, and the store does not open.
    assert bring(release("0.2.2", OPENS_NO_STORE)) == 0
    launcher.wait_for_answer("closed")
    launcher.now_s += 1000
    launcher.wait_for_state(State(good=FIRST, left="0.2.2", why="closed"))
    says(made, launcher, FIRST)

    # Not signed by our key, or cut short: the command refuses, and so does the updater behind it.
    for data, why in ((release("0.2.3", key=OTHER_KEY), "signature"), (release("0.2.3")[:-9], "damaged")):
        assert bring(data) == 1
        launcher.inbox.write_bytes(data)
        launcher.wait_for_why(why)
    assert status(made)["software"] == FIRST
    hub_says(made, launcher, running=FIRST, left="0.2.3", trouble="damaged")

    # A good one; what is filed while it is on trial stays as well.
    assert bring(release("0.3.0", WORKS)) == 0
    launcher.wait_for_answer("good")
    filed |= made.file([next(lines)])
    launcher.now_s += 200
    launcher.wait_for_state(State(good="0.3.0", before=FIRST))
    hub_says(made, launcher, running="0.3.0", left="", trouble="none")
    arrived = [line["id"] for line in made.wait_for(set(filed))]
    assert sorted(arrived) == sorted(filed)
    for reply in filed.values():
        made.wait_for_step(reply["receipt"], "received")
