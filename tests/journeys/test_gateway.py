"""A village without internet reaches a hub without radio through another village, which opens nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from processes import run, same_report, sample_lines, scene

pytestmark = pytest.mark.slow


def test_reports_and_answers_pass_a_gateway(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        far_radio, gateway_radio = village.start_air("--loss", "0.1", "--seed", "6")
        hub = village.start_hub()
        gateway_folder = tmp_path / "gateway"
        enrolment = village.enrol("gateway.json", "52.02.08.2002")
        run("node", "init", str(gateway_folder), "--enrolment", str(enrolment))
        gateway = village._start(
            "gateway",
            "node",
            "serve",
            str(gateway_folder),
            "--listen",
            "127.0.0.1:0",
            "--wait",
            "0",
            "0",
            "--duty-cycle",
            "1",
            "--speed",
            "50",
            "--radio",
            gateway_radio,
            "--hub",
            hub.ready["url"],
            "--internet-every",
            "1",
        )
        village.start_node("--radio", far_radio)
        filed = village.file(sample_lines(8))
        received = village.wait_for(set(filed))
        chosen = next(iter(filed))
        run("hub", "answer", str(village.hub_folder), chosen, "Kami sudah baca. Tetap di rumah dulu.")
        code = filed[chosen]["receipt"]
        village.wait_for_step(code, "received")
        deadline = time.monotonic() + 60
        while True:
            receipt = json.loads(run("node", "receipt", str(village.node_folder), code, "--json").stdout)
            if receipt["answers"] or time.monotonic() > deadline:
                break
            time.sleep(0.3)
        assert gateway.process.poll() is None
        gateway_files = b"".join(p.read_bytes() for p in gateway_folder.iterdir() if p.is_file())

    assert [answer["text"] for answer in receipt["answers"]] == ["Kami sudah baca. Tetap di rumah dulu."]
    assert len(received) == len(filed)
    assert all(same_report(filed[line["id"]]["report"], line["report"]) for line in received)
    assert {line["village"] for line in received} == {"52.02.08.2001"}
    for reply in filed.values():
        assert reply["report"]["narrative"].split()[0].encode() + b" " not in gateway_files
