from __future__ import annotations

from typing import Any

import pytest

from village_node.web.health_words import Line, health_lines

STATUS: dict[str, Any] = {
    "takes_reports": True,
    "reports_waiting": "none",
    "waiting_days": None,
    "last_contact_age_s": 60,
    "known_to_hub": True,
    "radio": {"connected": True, "number": "!00000001", "problem": None},
    "internet": None,
    "clock": "known",
    "power": "good",
    "disk_free_bytes": 10**10,
    "material": {"version": 7, "damaged": False, "gave_up": None, "because": None},
}


def line(name: str, **changes: object) -> Line:
    [found] = [line for line in health_lines({**STATUS, **changes}) if line.name == name]
    return found


def test_a_healthy_box_asks_for_nothing() -> None:
    assert [line.name for line in health_lines(STATUS) if line.wrong or line.do] == []


@pytest.mark.parametrize(
    ("name", "changes", "word", "do"),
    [
        (
            "Setelan",
            {"settings": {"state": "own", "hours_left": None, "ended": "went_back"}},
            "kembali ke bawaan kotak",
            "Telepon pusat",
        ),
        (
            "Setelan",
            {"settings": {"state": "kept", "hours_left": None, "ended": "refused"}},
            "dari pusat; yang baru ditolak",
            "Telepon pusat",
        ),
        ("Listrik", {"power": "low_now"}, "kurang sekarang", "adaptor"),
        ("Listrik", {"power": "low_before"}, "pernah kurang", "adaptor"),
        ("Tempat simpan", {"takes_reports": False}, "penuh", "hubungi petugas"),
        ("Tempat simpan", {"disk_free_bytes": 250 * 1024 * 1024}, "tinggal 250 MB", "sebelum penuh"),
        ("Laporan menunggu dikirim", {"reports_waiting": "some", "waiting_days": 3}, "sejak 3 hari", "Data"),
        ("Hubungan terakhir dengan pusat", {"last_contact_age_s": 200_000}, "2 hari lalu", "antena"),
        ("Dikenal pusat", {"known_to_hub": False}, "belum", "cocokkan sidik"),
        ("Radio", {"radio": {"connected": False, "problem": None}}, "tidak terhubung", "kabel radio"),
        ("Radio", {"radio": {"connected": True, "problem": "slot"}}, "belum benar", "teknisi"),
        ("Internet", {"internet": {"reached": False, "refused": True}}, "menolak kotak ini", "Telepon pusat"),
        (
            "Materi",
            {"material": {"version": 6, "damaged": False, "gave_up": 7, "because": "crashed"}},
            "versi 6; versi 7 tidak bisa dipakai",
            "tetap bisa dipakai",
        ),
        (
            "Materi",
            {"material": {"version": 6, "damaged": True, "gave_up": None, "because": None}},
            "rusak di kartu",
            "kembali ke versi lama",
        ),
    ],
)
def test_what_is_wrong_comes_with_what_to_do(
    name: str, changes: dict[str, object], word: str, do: str
) -> None:
    found = line(name, **changes)
    assert found.wrong
    assert word in found.word
    assert do in found.do


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        ("Listrik", {"power": None}, "tidak diukur"),
        ("Laporan menunggu dikirim", {"reports_waiting": "some", "waiting_days": None}, "ada"),
        ("Laporan menunggu dikirim", {"reports_waiting": "some", "waiting_days": 0}, "ada, sejak hari ini"),
        ("Hubungan terakhir dengan pusat", {"last_contact_age_s": 119}, "baru saja"),
        ("Hubungan terakhir dengan pusat", {"last_contact_age_s": 120}, "2 menit lalu"),
        ("Hubungan terakhir dengan pusat", {"last_contact_age_s": 7200}, "2 jam lalu"),
        ("Hubungan terakhir dengan pusat", {"last_contact_age_s": None}, "belum ada sejak kotak menyala"),
        ("Radio", {"radio": None}, "tidak dipasang"),
        ("Internet", {"internet": {"reached": False, "refused": False}}, "tidak ada"),
        ("Internet", {"internet": {"reached": True}}, "ada"),
        ("Jam kotak", {"clock": "unknown"}, "belum diketahui"),
        ("Materi", {}, "versi 7"),
        ("Materi", {"material": {**STATUS["material"], "version": 0}}, "bawaan kotak"),
    ],
)
def test_the_rest_is_said_without_alarm(name: str, changes: dict[str, object], word: str) -> None:
    found = line(name, **changes)
    assert (found.word, found.wrong) == (word, False) or word in found.word
    assert not found.wrong
