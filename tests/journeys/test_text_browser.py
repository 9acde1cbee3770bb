"""A report filed and looked up in a text browser, which has no script, no picture, no style and no cookie."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from processes import PATIENCE_S, Scene, scene
from text_browser import open_text_browser

STORY = "Orang itu datang lagi ke dusun, mengajak dua gadis kerja di kapal."


@pytest.mark.slow
def test_a_whole_report_and_its_ladder_in_a_text_browser(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        hub = village.start_hub()
        node = village.start_node("--hub", hub.ready["url"])
        with open_text_browser(tmp_path / "w3m", node.ready["url"]) as page:
            page.wait_for("Supaya Anda aman")
            page.press("Lapor$")
            page.press("Perekrut atau ajakan")
            page.press("Belum ada tanggal")
            page.fill("Ceritakan apa yang terjadi", STORY)
            page.press("Lanjut")
            page.press("Tidak$")
            page.press("Orang yang mengajak")
            page.fill("Nama orang itu", "Haji Contoh")
            page.press("Lanjut")
            page.fill("Nomor HP orang itu", "0812-0000-0001")
            page.press("Lanjut")
            page.press("Ke daftar isi")
            code = _code(page.press("Kirim laporan"))

            arrived = _wait_for_one(village)
            assert arrived["narrative"].strip() == STORY
            assert arrived["recruiter"] == {"name": "Haji Contoh", "phone": "0812-0000-0001"}

            page.press("Sudah saya catat")
            page.fill("Ketik 16 angka", code)
            page.press("Cocokkan$")
            assert "Sampai di kantor petugas: Sudah" in page.press("Lihat status")


def _code(screen: str) -> str:
    assert "sudah tersimpan" in screen
    found = re.search(r"(?:[0-9]{4}\s*){4}", screen)
    assert found is not None
    return re.sub("[^0-9]", "", found[0])


def _wait_for_one(village: Scene) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while not (lines := village.hub_lines()):
        assert time.monotonic() < deadline, "the report did not arrive"
        time.sleep(0.3)
    report: dict[str, Any] = lines[0]["report"]
    return report
