"""The drawing itself: boxes, and text that is made to fit."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from reportlab.pdfgen.canvas import Canvas

from content.catalogue import Catalogue
from village_node.print_sheets import BOLD, Box, Sheet, TextCut, printable
from village_node.printing import PrintSettings, sheet_of


def test_a_grid_fills_its_box_row_by_row_from_the_top() -> None:
    places = Box(0, 0, 100, 100).grid(3, 2, 10)
    assert [(place.x, place.y) for place in places] == [(0, 55), (55, 55), (0, 0)]
    assert {(place.width, place.height) for place in places} == {(45, 45)}


def test_text_shrinks_until_it_fits_and_says_when_it_cannot() -> None:
    page = Sheet(Canvas(io.BytesIO()))
    box = Box(0, 0, 100, 30)
    assert page.fitting(box, ["Ada"], 20, BOLD) == 20
    assert 5 <= page.fitting(box, ["Ada tawaran kerja jauh? Periksa dulu!"], 20, BOLD) < 12
    with pytest.raises(TextCut):
        page.fitting(box, ["Satu kata " * 40], 20, BOLD)


def test_what_the_fonts_lack_becomes_a_question_mark() -> None:
    assert printable("18–30 “Madhurâ” \u4e16") == "18–30 “Madhurâ” ?"


def test_as_a_program_it_reads_json_and_writes_a_pdf() -> None:
    poster = Catalogue().posters()[0]
    sheet = sheet_of(Catalogue(), "poster", poster.key, "A5", PrintSettings())
    done = subprocess.run(
        [sys.executable, "-P", "-m", "village_node.print_sheets"],
        input=json.dumps(sheet).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"%PDF-")
    assert done.stdout.rstrip().endswith(b"%%EOF")
