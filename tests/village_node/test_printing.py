"""Posters and cards: what stands on them, drawn as PDF by a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from village import Region

from content.catalogue import Catalogue
from village_node.print_sheets import SMALLEST, TextCut, draw
from village_node.printing import (
    CARD_PAPERS,
    POSTER_PAPERS,
    PrintFailed,
    Printing,
    PrintSettings,
    SettingsRefused,
    UnknownSheet,
    check_settings,
    draw_in_child,
    sheet_of,
    wifi_code,
)

CATALOGUE = Catalogue()
SETTINGS = PrintSettings("http://10.42.0.1/", "Desa Contoh", "kentongan-desa")
LONGEST = PrintSettings("http://" + "a" * 80 + ".example/", "W" * 32, "p" * 63)
EVERY = [
    *(("poster", poster.key, paper) for poster in CATALOGUE.posters() for paper in POSTER_PAPERS),
    *(("card", card.key, paper) for card in CATALOGUE.cards() for paper in CARD_PAPERS),
]


@pytest.mark.parametrize(("kind", "key", "paper"), EVERY)
def test_every_sheet_fits_its_paper_with_the_longest_names(kind: str, key: str, paper: str) -> None:
    for settings in (SETTINGS, LONGEST, PrintSettings()):
        pdf = draw(sheet_of(CATALOGUE, kind, key, paper, settings))
        assert pdf.startswith(b"%PDF-")
        assert len(pdf) < 60_000


def test_the_same_sheet_is_the_same_bytes() -> None:
    sheet = sheet_of(CATALOGUE, *EVERY[0], SETTINGS)
    assert draw(sheet) == draw(sheet)


def test_the_codes_lead_to_the_villages_site_and_wifi() -> None:
    assert wifi_code("Desa Contoh", "kentongan-desa") == "WIFI:T:WPA;S:Desa Contoh;P:kentongan-desa;;"
    assert wifi_code("Desa;Contoh", "a:b;c\\d") == r"WIFI:T:WPA;S:Desa\;Contoh;P:a\:b\;c\\d;;"
    assert wifi_code("Terbuka", "") == "WIFI:S:Terbuka;;"
    sheet = sheet_of(CATALOGUE, *EVERY[0], SETTINGS)
    assert sheet["address"] == "http://10.42.0.1/"
    assert sheet["wifi_code"] == wifi_code("Desa Contoh", "kentongan-desa")
    assert len(draw(sheet)) > len(draw(sheet_of(CATALOGUE, *EVERY[0], PrintSettings()))) + 1000


def test_letters_that_the_fonts_lack_do_not_break_a_sheet() -> None:
    draw(sheet_of(CATALOGUE, *EVERY[0], PrintSettings("http://10.42.0.1/", "Désa Mâdhurâ \u4e16", "")))


def test_a_text_that_does_not_fit_is_never_cut_silently() -> None:
    sheet = sheet_of(CATALOGUE, *EVERY[0], SETTINGS)
    sheet["closing"] = "kata " * 4000
    with pytest.raises(TextCut):
        draw(sheet)
    assert SMALLEST >= 5


@pytest.mark.parametrize(
    "which", [("poster", "x", "A4"), ("poster", EVERY[0][1], "A6"), ("card", "x", "A6"), ("x", "x", "A4")]
)
def test_no_other_sheet_is_drawn(which: tuple[str, str, str]) -> None:
    with pytest.raises(UnknownSheet):
        sheet_of(CATALOGUE, *which, SETTINGS)


@pytest.mark.parametrize(
    "settings",
    [
        PrintSettings(address="10.42.0.1"),
        PrintSettings(address="https://10.42.0.1/"),
        PrintSettings(address="javascript:alert(1)"),
        PrintSettings(address="http://" + "a" * 100),
        PrintSettings(address="http://[::1"),
        PrintSettings(wifi_name="x" * 33),
        PrintSettings(wifi_name="a\nb"),
        PrintSettings(wifi_name="a", wifi_password="1234567"),
        PrintSettings(wifi_name="a", wifi_password="1" * 64),
    ],
)
def test_settings_that_cannot_be_right_are_refused(settings: PrintSettings) -> None:
    with pytest.raises(SettingsRefused):
        check_settings(settings)


class TestInTheBox:
    def test_a_child_draws_and_its_arguments_tell_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[list[str]] = []
        run = subprocess.run

        def note(arguments: list[str], **options: Any) -> Any:
            seen.append(arguments)
            return run(arguments, **options)

        monkeypatch.setattr(subprocess, "run", note)
        assert draw_in_child(sheet_of(CATALOGUE, *EVERY[0], SETTINGS)).startswith(b"%PDF-")
        assert "kentongan-desa" not in repr(seen)

    def test_a_child_that_fails_is_told(self) -> None:
        with pytest.raises(PrintFailed):
            draw_in_child({})

    def test_the_serving_process_never_loads_the_drawing(self) -> None:
        loaded = "[m for m in ('reportlab', 'PIL', 'svg') if m in sys.modules]"
        code = f"import sys, village_node.serving; print({loaded})"
        done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"

    def test_what_was_kept_stands_on_it_and_the_pages_own_address_else(self, region: Region) -> None:
        drawn: list[dict[str, Any]] = []

        def note(sheet: dict[str, Any]) -> bytes:
            drawn.append(sheet)
            return b"%PDF-"

        node = region.node()
        printing = Printing(node.log, node.content, note)
        printing.pdf(*EVERY[0], address="http://10.0.0.1:8080/")
        printing.keep(PrintSettings(" http://10.42.0.1/ ", "Desa Contoh", "kentongan-desa"))
        printing.pdf(*EVERY[0], address="http://10.0.0.1:8080/")
        again = Printing(region.restart_node().log, node.content, note)
        assert again.settings() == SETTINGS
        assert [sheet["address"] for sheet in drawn] == ["http://10.0.0.1:8080/", "http://10.42.0.1/"]
