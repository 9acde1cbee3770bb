"""The hub's hours on the pages of a receipt, in words."""

from __future__ import annotations

import pytest

from sync.wire.settings_records import StaffedHours
from village_node.staffed_hours import Now, Staffed
from village_node.web.public_app import create_public_app
from village_node.web.spoken import Examples
from village_node.web.staffed_words import hours_in_words

OFFICE = tuple((day * 1440 + 450, day * 1440 + 960) for day in range(5))
ALWAYS = ((0, 10_080),)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (OFFICE, "Senin-Jumat 07.30-16.00"),
        ((*OFFICE, (5 * 1440 + 480, 5 * 1440 + 720)), "Senin-Jumat 07.30-16.00, Sabtu 08.00-12.00"),
        (ALWAYS, "kapan saja"),
        (((0, 7200),), "Senin-Jumat 00.00-24.00"),
        (((1320, 1800), (6 * 1440 + 1320, 10_080)), "Senin 22.00-06.00, Minggu 22.00-24.00"),
        (
            ((450, 960), (1440 + 450, 1440 + 960), (4 * 1440 + 450, 4 * 1440 + 960)),
            "Senin, Selasa, Jumat 07.30-16.00",
        ),
        (((600, 2400), (5000, 5100)), "Senin 10.00-24.00, Selasa 00.00-16.00, Kamis 11.20-13.00"),
    ],
)
def test_parts_of_a_week_are_said_shortly(parts: tuple[tuple[int, int], ...], words: str) -> None:
    assert hours_in_words(parts) == words


def page(now: Now, path: str = "/nomor", language: str = "", **form: str) -> str:
    hours = StaffedHours(1, 1, 1, 420, OFFICE, ALWAYS)
    app = create_public_app(Examples(), village_name="Contoh", staffed=lambda: Staffed(hours, now))
    text = app.test_client().post(language + path, data=form or {"code": "3"}).text
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("reading", "Sekarang petugas sedang bertugas."),
        ("urgent", "Sekarang hanya laporan mendesak yang dibaca."),
        ("nobody", "Sekarang tidak ada petugas yang bertugas."),
        ("closed", "Hari ini kantor petugas libur."),
        ("unknown", ""),
    ],
)
def test_the_page_of_a_status_says_when_the_hub_is_staffed_and_how_it_is_now(now: Now, words: str) -> None:
    shown = page(now, code=f"{3:016}")
    assert "<p data-silent>Petugas membaca laporan: Senin-Jumat 07.30-16.00 (WIB)." in shown
    assert words in shown
    assert ("Laporan mendesak: kapan saja." in shown) is (now != "closed")
    assert shown.count("Sekarang") + shown.count("libur") == (now != "unknown")


def test_the_page_of_a_receipt_says_it_and_practice_does_not() -> None:
    form = {"form_token": "token-for-an-example", "kind": "other", "narrative": "-", "go": "send"}
    words = "Petugas membaca laporan: Senin-Jumat 07.30-16.00 (WIB)."
    assert words in page("reading", "/isi", **form)
    assert words not in page("reading", "/latihan", **form)


def test_other_languages_say_it_too_and_a_silent_hub_changes_nothing() -> None:
    assert "Officers read reports: Monday-Friday 07.30-16.00 (WIB)." in page(
        "reading", language="/en", code=f"{3:016}"
    )
    app = create_public_app(Examples(), village_name="Contoh")
    assert "Petugas membaca" not in app.test_client().post("/nomor", data={"code": f"{3:016}"}).text
