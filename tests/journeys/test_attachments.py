"""A photo from the village to the hub through the real programs: by internet, and on a courier's stick."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from processes import PATIENCE_S, Scene, sample_lines, scene

from hub.config import HubConfig
from hub.store_wiring import HubStore
from kentongan import main

pytestmark = pytest.mark.slow
PHOTO = random.Random(11).randbytes(300_000)


def command(*arguments: str, stdin: str | None = None) -> list[dict[str, Any]]:
    """Run a command in this process, which has loaded it already; return the lines of its output."""
    result = CliRunner().invoke(main, arguments, input=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def submit(village: Scene, number: int) -> str:
    """Hand in one report with the photo; return its id."""
    line = sample_lines()[number] | {"attachments": [{"type": "image/jpeg", "file": "foto.jpg"}]}
    photos = str(village.folder / "photos")
    [taken] = command(
        "node",
        "submit",
        str(village.node_folder),
        "--attachments",
        photos,
        "--quick-text",
        stdin=json.dumps(line),
    )
    return str(taken["id"])


def contents(village: Scene, wanted: set[str]) -> dict[str, bytes]:
    """Wait until the photos of these reports are whole at the hub; return them."""
    store = HubStore(HubConfig(village.hub_folder))
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not wanted <= {
            report_id
            for report_id in store.attachments.counts()
            if all(one.complete for one in store.attachments.of(report_id))
        }:
            assert time.monotonic() < deadline, "the photo did not come"
            time.sleep(0.2)
        return {report_id: store.work.show_attachment(report_id, 0, by="sari") for report_id in wanted}
    finally:
        store.close()


def test_a_photo_by_internet_and_by_courier(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        (tmp_path / "photos").mkdir()
        (tmp_path / "photos" / "foto.jpg").write_bytes(PHOTO)
        hub = village.start_hub()
        village.start_node("--hub", hub.ready["url"], "--internet-every", "0.1", "--quick-text")
        by_internet = submit(village, 0)
        assert contents(village, {by_internet}) == {by_internet: PHOTO}
        assert village.node is not None
        village.node.kill()

        by_courier = submit(village, 1)
        stick, back = str(tmp_path / "stick.ktg"), str(tmp_path / "back.ktg")
        command("node", "courier-export", str(village.node_folder), stick)
        assert PHOTO[1000:1100] not in Path(stick).read_bytes()
        command("hub", "courier-import", str(village.hub_folder), stick)
        command("hub", "courier-export", str(village.hub_folder), back)
        [imported] = command("node", "courier-import", str(village.node_folder), back)
        assert contents(village, {by_courier}) == {by_courier: PHOTO}
        lines = command("hub", "reports", str(village.hub_folder), "--jsonl")

    assert {line["id"]: line["attachments"] for line in lines} == {by_internet: 1, by_courier: 1}
    assert {line["id"]: line["via"] for line in lines} == {by_internet: "http", by_courier: "courier"}
    assert imported["receipted"] == 13  # the report, the end of the epoch before in each lane, ten pieces
