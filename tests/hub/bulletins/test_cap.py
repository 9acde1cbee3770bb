"""CAP messages hold to the schema of OASIS, and a parser that is not ours reads the same back."""

from __future__ import annotations

import datetime
from dataclasses import replace

import capparser  # type: ignore[import-untyped]
import pytest
import xmlschema
from cap_schema import cap_schema

from hub.bulletins.cap import CapAlert, cap_time, end_of, reference_to, to_xml
from hub.bulletins.messages import Sender, cap_alert
from hub.bulletins.services import BulletinDraft

SENT = 1_800_000_000.0
SENDER = Sender("0011223344556677", "Pusat <NTB> & NTT")
DRAFT = BulletinDraft(
    "Actual",
    "offer",
    2,
    "Likely",
    "52.02",
    datetime.date(2027, 1, 20),
    True,
    "Waspada & <awas>.\x00",
    "Beware.",
)


def alert(message: str = "Alert", draft: BulletinDraft = DRAFT, references: tuple[str, ...] = ()) -> CapAlert:
    return cap_alert(
        draft,
        message=message,  # type: ignore[arg-type]
        identifier=f"{SENDER.id}-1-{message.lower()}-1800000000",
        sender=SENDER,
        sent=SENT,
        area_name="Kabupaten Lombok Tengah",
        codes=["52.02"],
        references=references,
    )


FIRST = reference_to(alert())


@pytest.mark.parametrize(
    ("message", "references"), [("Alert", ()), ("Update", (FIRST,)), ("Cancel", (FIRST, FIRST))]
)
@pytest.mark.parametrize("status", ["Actual", "Exercise", "Test"])
@pytest.mark.parametrize("public", [True, False])
def test_every_message_holds_to_the_schema(
    message: str, references: tuple[str, ...], status: str, public: bool
) -> None:
    draft = BulletinDraft(**{**DRAFT.__dict__, "status": status, "public": public})
    cap_schema().validate(to_xml(alert(message, draft, references)))


def test_the_schema_is_awake() -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        cap_schema().validate(to_xml(alert()).replace("<severity>Moderate", "<severity>Middling"))


def test_a_parser_that_is_not_ours_reads_the_same_back() -> None:
    read = capparser.parse(stringXML=to_xml(alert("Update", references=(FIRST,))))
    said = {name: getattr(read, name)[0] for name in ("sender", "status", "msgType", "scope", "references")}
    assert said == {
        "sender": SENDER.id,
        "status": "Actual",
        "msgType": "Update",
        "scope": "Public",
        "references": f"{SENDER.id},{SENDER.id}-1-alert-1800000000,2027-01-15T16:00:00+08:00",
    }
    indonesian, english = read.info[0]
    assert (indonesian.language[0], english.language[0]) == ("id-ID", "en-US")
    assert (indonesian.description[0], english.description[0]) == ("Waspada & <awas>.", "Beware.")
    assert english.headline[0] == "Warning: Dangerous job offers"
    assert indonesian.expires[0] == "2027-01-20T23:59:59+08:00"
    [area] = indonesian.area[0]
    [code] = area.geocode[0]
    assert (area.areaDesc[0], code.valueName[0], code.value[0]) == (
        "Kabupaten Lombok Tengah",
        "ID-Kemendagri",
        "52.02",
    )


def test_times_have_an_offset_and_the_last_second_of_the_last_day() -> None:
    assert cap_time(0.9) == "1970-01-01T08:00:00+08:00"
    assert cap_time(end_of(datetime.date(2027, 1, 20))) == "2027-01-20T23:59:59+08:00"


def test_a_cancel_says_nothing_of_what_it_cancels() -> None:
    assert "awas" not in to_xml(alert("Cancel", references=(FIRST,)))


def test_what_the_standard_does_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="names what it is about"):
        to_xml(alert("Update"))
    with pytest.raises(ValueError, match="no blanks"):
        to_xml(CapAlert("a b", "s", SENT, "Actual", "Alert", True, ()))


def test_a_drill_says_so_wherever_an_agency_looks() -> None:
    for status, marks in (("Exercise", ("LATIHAN: ", "EXERCISE: ")), ("Test", ("UJI COBA: ", "TEST: "))):
        for message in ("Alert", "Cancel"):
            references = () if message == "Alert" else ("a,b,c",)
            infos = alert(message, replace(DRAFT, status=status), references).infos
            for info, mark in zip(infos, marks, strict=True):
                assert (info.headline.startswith(mark), info.description.startswith(mark)) == (True, True)
    assert not any(info.headline.startswith(mark) for info in alert().infos)
