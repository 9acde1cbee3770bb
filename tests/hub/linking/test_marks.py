"""Companies, accounts and plates are recognised in other spellings."""

from __future__ import annotations

from hub.linking.marks import (
    company_words,
    find_companies,
    find_handles,
    find_plates,
    handle_letters,
    handle_of,
    plate_of,
    same_company,
)


def test_a_company_is_known_by_its_telling_words() -> None:
    assert company_words("PT. Karya Bahari Sentosa Tbk") == ("karya", "bahari", "sentosa")
    assert find_companies("dia dari PT Karya Bahari, katanya resmi") == [("karya", "bahari")]
    assert find_companies("Sentosa Travel antar sampai perbatasan") == [("sentosa",)]
    assert find_companies("tidak ingat nama PT.") == []


def test_a_part_and_an_acronym_are_one_company() -> None:
    full = ("sumber", "rejeki", "guna", "abadi")
    assert same_company(full, full) == 1
    assert 0 < same_company(("srga",), full) < 1
    assert 0 < same_company(("sumber", "rejeki"), full) < 1
    assert same_company(("bina", "insan"), full) == 0


def test_an_account_is_one_in_every_form() -> None:
    assert handle_of("tg:@Rina_Karir") == "rina_karir"
    assert handle_of("telegram") is None
    assert find_handles("cek @Rina_Karir. dan surel saya@contoh.id") == ["rina_karir"]
    assert handle_letters("rina_karir8800") == handle_letters("rinakarir00")


def test_a_plate_is_one_in_every_form() -> None:
    assert plate_of("dr 0412-xq") == "DR0412XQ"
    assert find_plates("mobil DR 0412 XQ di depan RT 05 RW 02, bayar RM 600") == ["DR0412XQ"]
