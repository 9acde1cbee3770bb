from __future__ import annotations

import datetime
from dataclasses import replace
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from hub.enrolment_drawings import STEPS
from hub.enrolment_paper import draw_enrolment, qr_png
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import to_lines
from sync.sealing.radio_plan import RadioPlan
from village_node.enrolment_reading import read_enrolment

ONE = Enrolment(7, "52.02.08.2001", "Pringgarata", "Hub Contoh", b"h" * 32, b"p" * 32, b"s" * 32)


def test_the_page_has_village_end_steps_and_lines_that_can_be_typed() -> None:
    made = PdfReader(BytesIO(draw_enrolment(ONE, ends_on=datetime.date(2026, 12, 26))))
    [page] = made.pages
    text = page.extract_text()
    for wanted in ("Pringgarata", "kotak nomor 7", "26 Desember 2026", "Musnahkan kertas ini", "RAHASIA"):
        assert wanted in text
    typed = [line for line in text.splitlines() if line in to_lines(ONE)]
    assert read_enrolment("\n".join(typed).encode()) == ONE


def test_the_longest_enrolment_with_its_radio_and_drawings_stays_on_one_page() -> None:
    plan = RadioPlan("SG_923", "LongModerate", 0, 921_875, "abcdefghijk", b"k" * 32, 3)
    names: dict[str, Any] = {"village_name": "x" * 60, "hub_name": "y" * 60, "hub_url": "https://" + "z" * 99}
    full = replace(ONE, release_public=b"r" * 32, radio=plan, **names)
    made = PdfReader(BytesIO(draw_enrolment(full, ends_on=datetime.date(2026, 12, 26))))
    [page] = made.pages
    lowest = []
    page.extract_text(visitor_text=lambda text, cm, tm, *_: lowest.append(tm[5]) if text.strip() else None)
    assert min(lowest) > 20, "nothing runs off the paper"
    text = page.extract_text()
    assert [line for line in text.splitlines() if line in to_lines(full)] == to_lines(full)
    assert "921.875 MHz" in text
    assert plan.channel_key.hex() not in text
    for caption, _ in STEPS:
        assert caption in text
    assert read_enrolment(qr_png(full)) == full


def test_the_picture_of_the_code_is_read_by_a_box() -> None:
    assert read_enrolment(qr_png(ONE)) == ONE
