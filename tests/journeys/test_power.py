"""Node and hub are killed at random instants, again and again: nothing promised is lost or doubled."""

from __future__ import annotations

import contextlib
import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from processes import PATIENCE_S, CuttingProxy, Scene, same_report, sample_lines, scene

from sync.errors import CarrierError
from sync.handin import HandIn

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("KENTONGAN_KILLS", "6"))
"""A few in the suite; scripts/kill-rig asks for hundreds."""


def _keep_filing(
    village: Scene, lines: list[dict[str, Any]], promised: dict[str, dict[str, Any]], stop: threading.Event
) -> None:
    """File until `stop`; a report whose receipt did not come back is filed again, as a person would."""
    number = 0
    while not stop.is_set():
        line = lines[number % len(lines)]
        with (
            contextlib.suppress(CarrierError, ValueError),
            HandIn(village.node_folder, timeout_s=10) as socket,
        ):
            while not stop.is_set():
                line = lines[number % len(lines)]
                reply = socket.submit(line["report"], line["id"])
                if "receipt" in reply:
                    promised[reply["id"]] = {**reply, "report": line["report"]}
                    number += 1
                stop.wait(0.02)
        stop.wait(0.05)


@pytest.mark.parametrize("carrier", ["http", "radio"])
def test_kills_lose_and_double_nothing_that_was_promised(carrier: str, tmp_path: Path) -> None:
    rng = random.Random(carrier)
    promised: dict[str, dict[str, Any]] = {}
    stop = threading.Event()
    with scene(tmp_path, speed=100.0) as village:
        if carrier == "radio":
            node_radio, hub_radio = village.start_air("--loss", "0.1", "--seed", "3")
            node_way, hub_way = ["--radio", node_radio], ["--radio", hub_radio]
        else:
            hub_way = []
        hub = village.start_hub(*hub_way)
        if carrier == "http":
            node_way = ["--hub", hub.ready["url"], "--internet-every", "0.2"]
        village.start_node(*node_way)
        filing = threading.Thread(target=_keep_filing, args=(village, sample_lines(), promised, stop))
        filing.start()
        for kill in range(KILLS):
            time.sleep(rng.uniform(0.05, 1.2))
            if kill % 2:
                assert village.hub is not None
                village.hub.kill()
                village.start_hub(*hub_way)
            else:
                assert village.node is not None
                village.node.kill()
                village.start_node(*node_way)
        deadline = time.monotonic() + PATIENCE_S
        while len(promised) <= 20:
            assert time.monotonic() < deadline, "reports got no receipt after the kills"
            time.sleep(0.1)
        stop.set()
        filing.join()
        shown = dict(promised)
        received = village.wait_for(set(shown))
        ladder = village.wait_for_step(next(iter(shown.values()))["receipt"], "received")

    assert len(shown) > 20
    assert len({line["id"] for line in received}) == len(received)
    by_id = {line["id"]: line for line in received}
    for name, reply in shown.items():
        assert same_report(reply["report"], by_id[name]["report"])
    # What was committed without its receipt being shown may be there once more, never twice.
    assert len(received) <= len(shown) + KILLS
    assert ladder["answers"] == []


def test_a_radio_cut_in_mid_frame_is_taken_back(tmp_path: Path) -> None:
    rng = random.Random(4)
    with scene(tmp_path) as village:
        node_radio, hub_radio = village.start_air("--seed", "8")
        host, port = node_radio.removeprefix("tcp://").split(":")
        proxy = CuttingProxy((host, int(port)))
        village.start_hub("--radio", hub_radio)
        village.start_node("--radio", f"tcp://127.0.0.1:{proxy.port}")
        filed: dict[str, dict[str, Any]] = {}
        for part in range(4):
            proxy.cut_after(rng.randrange(1, 120))
            filed |= village.file(sample_lines(16)[4 * part : 4 * part + 4])
            village.wait_for(set(filed))
        received = village.hub_lines()
        for reply in filed.values():
            village.wait_for_step(reply["receipt"], "received")
        assert village.node is not None
        assert village.node.process.poll() is None
        cuts = proxy.cuts
        proxy.close()

    assert cuts >= 3
    assert len(received) == len(filed)


def test_the_status_tells_of_the_radio(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        village.start_node("--radio", "tcp://127.0.0.1:9")
        with HandIn(village.node_folder) as socket:
            deadline = time.monotonic() + 20
            while (status := socket.status())["radio"]["problem"] is None and time.monotonic() < deadline:
                time.sleep(0.2)
    assert status["radio"]["connected"] is False
    assert status["running"] is True
    assert json.dumps(status).count("9") >= 1
    assert "radio" in status["radio"]["problem"] or "port" in status["radio"]["problem"]
