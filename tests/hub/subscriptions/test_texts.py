"""What a subscriber reads: short, plain over SMS, in a language that somebody wrote, a drill told as one."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from firmware_bridge.sms_alphabet import septets_of
from hub.bulletins.services import BulletinDraft
from hub.subscriptions.texts import goes_out, sms_parts, subscriber_text

DRAFT = BulletinDraft(
    "Actual",
    "offer",
    2,
    "Likely",
    "52.02.08.2001",
    datetime.date(2027, 1, 20),
    True,
    "Waspada tawaran kerja \u201ccepat\u201d.\nPolisi: 110.",
    "Beware of offers.",
)
PLACE = "Pringgarata, Lombok Tengah"


def test_an_sms_is_one_line_of_the_plain_alphabet_with_its_end_and_the_way_out() -> None:
    text = subscriber_text(DRAFT, PLACE, "Alert", "id", "sms")
    assert text == (
        "Kentongan. WASPADA (Pringgarata, Lombok Tengah): "
        'Waspada tawaran kerja "cepat". Polisi: 110. Sampai 20-01-2027. Stop: BERHENTI'
    )
    assert septets_of(text) is not None
    assert sms_parts(DRAFT, PLACE, "Alert", "id") == 1


def test_what_the_plain_alphabet_lacks_costs_parts() -> None:
    chinese = replace(DRAFT, text="\u6ce8\u610f" * 40)
    assert sms_parts(chinese, PLACE, "Alert", "id") == 3


def test_english_only_where_somebody_wrote_it() -> None:
    text = subscriber_text(DRAFT, PLACE, "Update", "en", "telegram")
    assert text.startswith("Kentongan. Updated. WARNING (")
    assert "Beware of offers. Until 20-01-2027. To end: /berhenti" in text
    for language in ("jv", "sas"):
        assert "Polisi: 110" in subscriber_text(DRAFT, PLACE, "Alert", language, "sms")
    assert "Polisi: 110" in subscriber_text(replace(DRAFT, text_en=" "), PLACE, "Alert", "en", "sms")


def test_a_cancel_names_what_it_takes_back_and_warns_of_nothing() -> None:
    long = replace(DRAFT, text="Waspada. " * 30)
    text = subscriber_text(long, PLACE, "Cancel", "id", "sms")
    assert text.startswith('Kentongan. DITARIK, tidak berlaku lagi: "Waspada. Waspada.')
    assert "WASPADA (" not in text
    assert sms_parts(long, PLACE, "Cancel", "id") == 1


@pytest.mark.parametrize(("status", "mark"), [("Exercise", "LATIHAN: "), ("Test", "UJI COBA: ")])
def test_a_drill_goes_to_nobody_and_would_say_that_it_is_one(status: str, mark: str) -> None:
    drill = replace(DRAFT, status=status)
    assert not goes_out(drill)
    assert subscriber_text(drill, PLACE, "Alert", "id", "sms").startswith(f"Kentongan. {mark}WASPADA")


def test_what_facilitators_alone_read_goes_to_no_subscriber() -> None:
    assert goes_out(DRAFT)
    assert not goes_out(replace(DRAFT, public=False))
