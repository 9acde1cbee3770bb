"""A dossier's files, read back by readers of their own."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from linked_reports import LinkedReports
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import StreamObject
from referral_desk import HIDDEN, SECRETS, ReferralDesk
from village import Region

from hub.referrals import htcds
from hub.referrals.dossier import canonical, hash_of
from hub.referrals.files import FORMS, make_file
from hub.referrals.paper import draw
from tests.hub.referrals.test_dossier import CHOICES, made


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A dossier of everything that a report can hold, with words hidden."""
    region = Region(tmp_path_factory.mktemp("files"))
    try:
        desk = ReferralDesk(region)
        name = desk.refer(desk.arrive())
        view = region.hub.store.sharing.referrals.view(name, who=SARI)
        return view.content
    finally:
        region.close()


def bytes_within(content: bytes) -> list[bytes]:
    """Return the file and everything packed in it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return [content, *(book.read(name) for name in book.namelist())]
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        objects = (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
        data = [one.get_data() for one in objects if isinstance(one, StreamObject)]
        shown = "\n".join(page.extract_text() for page in reader.pages)
        return [content, *data, shown.encode(), repr(reader.metadata).encode()]
    return [content]


@pytest.mark.parametrize("form", FORMS)
def test_no_hidden_word_is_in_any_byte_of_any_file(dossier: dict[str, Any], form: str) -> None:
    made_file = make_file(dossier, form)
    assert re.fullmatch(rf"rujukan-2027-0001\.1\.{form}", made_file.name)
    found = bytes_within(made_file.content)
    assert found[-1], "something was read"
    for data in found:
        if form == "pdf" and data.startswith(b"\x00\x01\x00\x00"):
            continue  # the typeface itself
        low = data.decode("utf-8", "replace").casefold()
        for word in (*SECRETS, *(word.casefold() for word in HIDDEN)):
            if word != "0000":  # also part of every PDF's table of places
                assert word not in low, (form, word)
    assert make_file(dossier, form).content == made_file.content, "the same bytes each time"


def test_the_pdf_can_be_searched_is_numbered_and_marked(dossier: dict[str, Any]) -> None:
    reader = PdfReader(io.BytesIO(make_file(dossier, "pdf").content))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert "RAHASIA" in text
        assert f"Halaman {number} dari {len(pages)}" in text
    whole = "\n".join(pages)
    for words in (
        "Polres Contoh",
        "Tanda-tanda",
        "KTP, ijazah atau paspor ditahan",
        "=PT Contoh",
        "Persetujuan",
    ):
        assert words in whole, words
    assert reader.metadata is not None
    assert (reader.metadata.author, reader.metadata.title) == ("", "Rujukan 2027-0001.1")
    assert hash_of(canonical(dossier)) in whole


def test_markup_in_a_story_is_text(dossier: dict[str, Any]) -> None:
    content = made(CHOICES, place_text="<b>x</b> & <img src=x>")
    content["reports"][0]["lines"].append(
        ["place_text", "Kejadian", "Tempat", "<b>x</b> & <img src='x'/>\n\n"]
    )
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(draw(content))).pages)
    assert "<b>x</b> & <img src='x'/>" in text


def expected(dossier: dict[str, Any]) -> dict[str, str]:
    [row] = [report["htcds"] for report in dossier["reports"]]
    return {name: ";".join(v) if isinstance(v := row.get(name, ""), list) else v for name in htcds.FIELDS}


def test_csv_reads_back(dossier: dict[str, Any]) -> None:
    text = make_file(dossier, "csv").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert list(row) == list(htcds.FIELDS)
    wanted = expected(dossier)
    assert row.pop("per_Organisation") == "'" + wanted.pop("per_Organisation"), "no spreadsheet computes it"
    assert row.pop("kentongan_RecruiterPhone") == "'+62812"
    wanted.pop("kentongan_RecruiterPhone")
    assert row == wanted
    assert row["prs_MobilePhone"] == "", "a hidden number is no number of the standard any more"
    assert row["prs_FirstName"] == row["vic_AgeWhenTrafficked"] == "", "what is not known is empty"


def test_xlsx_reads_back_as_text_alone(dossier: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(make_file(dossier, "xlsx").content))
    header, row = list(book.active.iter_rows())  # type: ignore[union-attr]
    assert [cell.value for cell in header] == list(htcds.FIELDS)
    wanted = expected(dossier)
    assert {name: cell.value or "" for name, cell in zip(htcds.FIELDS, row, strict=True)} == wanted
    assert wanted["per_Organisation"] == "=PT Contoh"
    assert {cell.data_type for cell in row if cell.value is not None} == {"s"}


def test_json_reads_back(dossier: dict[str, Any]) -> None:
    found = json.loads(make_file(dossier, "json").content)
    assert (found["standard"], found["referral"]) == ("IOM HTCDS 2.0", "2027-0001.1")
    [row] = found["cases"]
    assert list(row) == list(htcds.FIELDS)
    assert {name: value for name, value in row.items() if value is not None} == dossier["reports"][0]["htcds"]
    assert row["vic_MethodsOfControl"] == ["WithholdsDocuments"]
    assert row["con_Consent"] == "true"


@pytest.mark.parametrize("of", ["report", "case"])
def test_who_was_wrongly_named_is_in_no_byte_of_any_file(region: Region, of: str) -> None:
    desk, linked = ReferralDesk(region), LinkedReports(region)
    story = (
        "Pak Wayan datang naik mobil DR 1234 XY. Kata Wayan, bos Contoe dan Ani, "
        "telepon 0812\u20110000\u20114321. Contohe orang kaya; ig wayan.contohe88. Dadang juga di sana."
    )
    who = {
        "name": "Wayan Contohe",
        "alias": "Ani",
        "phone": "0812-0000-4321",
        "company": "PT Maju",
        "social": "fb:wayan.contohe",
        "vehicle_plate": "DR1234XY",
    }
    first, second, _ = linked.three_villages(carried=True)
    region.clock.advance(60)
    [marked] = arrive(region, story, recruiter=who, place_text="rumah Contohe", offer={"route": "DR1234XY"})
    linked.link()
    store = region.hub.store
    store.people.decide("recruiter", first, marked, same=True, reason="", who=BUDI)
    store.people.decide("recruiter", second, marked, same=True, reason="", who=BUDI)
    person = store.people.of_report(marked).groups["recruiter"]
    number = store.cases.open("Wayan Contohhe di Lombok", who=BUDI)
    store.cases.add_reports(number, [marked], who=BUDI)
    store.cases.add_person(number, "Pak Contoe", "0812\u20130000\u20134321", "", who=BUDI)
    store.people.corrections.mark(person, "Orang lain dengan nama yang sama", who=BUDI)
    name = desk.refer(marked if of == "report" else number, hidden=(), who=BUDI)
    content = store.sharing.referrals.view(name, who=BUDI).content
    assert "PT Maju" in str(content)
    assert "Dadang juga di sana." in str(content)
    assert not re.search(r"recruiter\.(?!company|licence)", str(content))
    assert not re.search(r"\bani\b|\bxy\b|\b1234\b", str(content), re.IGNORECASE)
    # What is shorter may stand in packed bytes by chance.
    secrets = r"wayan|contoh*e|0000[^0]{1,3}4321|dr.?1234"
    for form in FORMS:
        for data in bytes_within(make_file(content, form).content):
            assert not re.search(secrets, data.decode("utf-8", "replace"), re.IGNORECASE), form
