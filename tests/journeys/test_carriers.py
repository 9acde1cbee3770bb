"""All 200 sample reports arrive equal over each carrier, and count once over all three at once."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from processes import SAMPLE, CuttingProxy, run, same_report, sample_lines, scene
from stores import store_url

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "carrier",
    [
        ["--via", "radio", "--loss", "0.2", "--duplicate", "0.1", "--reorder", "0.1", "--seed", "11"],
        ["--via", "http"],
        ["--via", "courier"],
    ],
    ids=["radio", "http", "courier"],
)
def test_all_sample_reports_arrive_equal(carrier: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("demo", "--once", "--reports", str(SAMPLE), "--out", str(out), *carrier)

    summary = json.loads(done.stdout)
    submitted = [line["report"] for line in sample_lines()]
    received = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert (summary["reports"], summary["received"]) == (200, 200)
    assert len({line["id"] for line in received}) == 200
    rest = list(submitted)
    for line in received:
        match = next(i for i, report in enumerate(rest) if same_report(report, line["report"]))
        del rest[match]
        low, high = line["taken_between"]
        assert low <= high <= line["received_at"]
        assert line["via"] == carrier[1]
    assert not rest
    assert (summary["frames_sent"] > 0) == (carrier[1] == "radio")


@pytest.mark.parametrize("kind", ["postgresql"])
def test_the_same_reports_by_three_carriers_at_once_count_once(tmp_path: Path, kind: str) -> None:
    """With the hub on PostgreSQL, which more processes may share; the other journeys have SQLite."""
    lines = sample_lines(20)
    with store_url(kind) as url, scene(tmp_path, hub_init=("--database", url) if url else ()) as village:
        node_radio, hub_radio = village.start_air("--loss", "0.2", "--duplicate", "0.2", "--seed", "5")
        hub = village.start_hub("--radio", hub_radio)
        host, port = hub.ready["url"].removeprefix("http://").split(":")
        # The hub takes what comes by internet, but its answers are lost: so the node uses its radio too.
        proxy = CuttingProxy((host, int(port)))
        proxy.lose_answers = True
        village.start_node(
            "--radio", node_radio, "--hub", f"http://127.0.0.1:{proxy.port}", "--internet-every", "1"
        )
        filed = village.file(lines)
        stick = tmp_path / "stick.ktg"
        for _ in range(3):
            run("node", "courier-export", str(village.node_folder), str(stick))
            run("hub", "courier-import", str(village.hub_folder), str(stick))
            time.sleep(1)
        for reply in filed.values():
            village.wait_for_step(reply["receipt"], "received")
        proxy.lose_answers = False
        time.sleep(3)
        run("hub", "courier-import", str(village.hub_folder), str(stick))
        received = village.hub_lines()
        chosen = next(iter(filed))
        run("hub", "answer", str(village.hub_folder), chosen, "Terima kasih.")
        answered = village.wait_for_answer(filed[chosen]["receipt"])
        proxy.close()

    assert [answer["text"] for answer in answered["answers"]] == ["Terima kasih."]
    assert {line["id"] for line in received} == set(filed)
    assert len(received) == len(lines)
    assert all(same_report(filed[line["id"]]["report"], line["report"]) for line in received)


def test_an_answer_comes_back_by_radio_and_opens_with_the_code(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        node_radio, hub_radio = village.start_air("--loss", "0.2", "--seed", "9")
        village.start_hub("--radio", hub_radio)
        village.start_node("--radio", node_radio)
        filed = village.file(sample_lines(3))
        village.wait_for(set(filed))
        chosen = next(iter(filed))
        text = "Terima kasih. Petugas akan menghubungi Ibu hari Kamis. " * 8
        run("hub", "answer", str(village.hub_folder), chosen, text)
        # Queued by another process than the one that serves, which notices; and killed on the way.
        time.sleep(1)
        assert village.hub is not None
        village.hub.kill()
        village.start_hub("--radio", hub_radio)
        receipt = village.wait_for_answer(filed[chosen]["receipt"])

    assert [answer["text"] for answer in receipt["answers"]] == [text.strip()]
    others = [reply["receipt"] for name, reply in filed.items() if name != chosen]
    for code in others:
        other = json.loads(run("node", "receipt", str(village.node_folder), code, "--json").stdout)
        assert other["answers"] == []
