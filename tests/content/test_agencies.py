"""Licensed agencies: lists of several makes, and a search that forgives spelling."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.agencies import (
    ABOUT_PATH,
    LIST_PATH,
    Agency,
    AgencySnapshot,
    name_words,
    read_agencies_csv,
    read_snapshot,
    write_snapshot,
)
from content.errors import ContentRefused

DAY = datetime.date(2026, 11, 1)


def firm(name: str, licence: str = "") -> Agency:
    return Agency(name, licence, "active", "", None)


SNAPSHOT = AgencySnapshot(
    (
        firm("PT Sumber Karya Bahari", "R-0001/2026"),
        firm("PT. Bina Jaya Rekaan", "R-0002/2026"),
        firm("PT Tjahaja Soekses Rekaan", "R-0003/2026"),
        firm("PT Mitra Jaya Abadi", "R-0004/2026"),
        firm("CV Jaya", "R-0005/2026"),
    ),
    DAY,
    "daftar rekaan",
    True,
)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("sumber karya bahari", "PT Sumber Karya Bahari"),
        ("P.T. SUMBER-KARYA BAHARI, Tbk.", "PT Sumber Karya Bahari"),
        ("Sumberkarya Bahari", "PT Sumber Karya Bahari"),
        ("bahari sumber karya", "PT Sumber Karya Bahari"),
        ("sumbber karyya bahhari", "PT Sumber Karya Bahari"),
        ("sumber karia bahary", "PT Sumber Karya Bahari"),
        ("smber karya bahri", "PT Sumber Karya Bahari"),
        ("cahaya sukses rekaan", "PT Tjahaja Soekses Rekaan"),
        ("r 0002 2026", "PT. Bina Jaya Rekaan"),
    ],
)
def test_a_name_is_found_as_people_write_it(asked: str, name: str) -> None:
    assert SNAPSHOT.search(asked)[0].agency.name == name


@pytest.mark.parametrize("asked", ["", "PT", "lautan biru rekayasa", "🙂", "0000"])
def test_another_name_is_not_found(asked: str) -> None:
    assert SNAPSHOT.search(asked) == ()


def test_a_word_that_stands_in_many_names_finds_only_the_name_that_is_that_word() -> None:
    found = SNAPSHOT.search("jaya")
    assert [match.agency.name for match in found if not match.is_hint] == ["CV Jaya"]
    assert [match.agency.name for match in found if match.is_hint] == [
        "PT Mitra Jaya Abadi",
        "PT. Bina Jaya Rekaan",
    ]


def test_the_likest_stands_first_and_no_more_than_asked() -> None:
    many = AgencySnapshot(tuple(firm(f"PT Karya Rekaan {n}") for n in range(9)), DAY, "x", True)
    found = many.search("karya rekaan 4", most=3)
    assert len(found) == 3
    assert found[0].agency.name == "PT Karya Rekaan 4"
    assert found[0].likeness == 1.0


@given(st.text("abjkryauo 01.-ÀéPT🙂\0", max_size=40))
@settings(max_examples=50)
def test_any_text_can_be_asked(asked: str) -> None:
    assert all(0.5 <= match.likeness <= 1 for match in SNAPSHOT.search(asked))


def test_names_lose_what_people_write_around_them() -> None:
    assert name_words("P.T. Bérkahh Sènttosa (Persero), Tbk") == ("berkah", "sentosa")
    assert name_words("CV Tjitra Soekses") == name_words("Citra Sukses")


CSV = """Nama P3MI;No. SIP3MI;Status Izin;Alamat Kantor;Berlaku s.d.
PT Rekaan Satu;R-1;Aktif;Jalan  Rekaan 1;31 Desember 2027
"PT Rekaan; Dua";R-2;Dicabut;;
PT Rekaan Tiga;R-3;Tunda layan;Jalan 3;05/02/2027

"""


def test_a_list_with_indonesian_headings_is_read() -> None:
    first, second, third = read_agencies_csv("\ufeff" + CSV)
    assert first == Agency("PT Rekaan Satu", "R-1", "active", "Jalan Rekaan 1", datetime.date(2027, 12, 31))
    assert (second.name, second.status, second.valid_until) == ("PT Rekaan; Dua", "revoked", None)
    assert (third.status, third.valid_until) == ("suspended", datetime.date(2027, 2, 5))


def test_columns_may_stand_in_any_order_and_some_may_lack() -> None:
    (only,) = read_agencies_csv("License Number,Company\nR-1,PT Rekaan\n")
    assert only == Agency("PT Rekaan", "R-1", "unknown", "", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must name the columns"),
        ("nama,status\nPT Rekaan,aktif\n", "licence may be called"),
        ("nama,sip3mi\n", "0 firms; allowed are 1"),
        ("nama,sip3mi,status\nPT Rekaan,R-1,hebat\n", "line 2: the status must be one of active, aktif"),
        ("nama,sip3mi\nPT,R-1\n", "line 2: the name is missing"),
        ("nama,sip3mi,berlaku sampai\nPT Rekaan,R-1,31-02-2027\n", "line 2: write the day as"),
        ("nama,sip3mi,berlaku sampai\nPT Rekaan,R-1,besok\n", "line 2: write the day as"),
        ("nama,sip3mi\nPT Rekaan,R-1\nPT Lain,R-1\n", "R-1 stands twice"),
        ("nama,sip3mi\n" + "PT " + "x" * 200_000 + ",R-1\n", "not CSV"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ContentRefused, match=said):
        read_agencies_csv(text)


names = st.text("abcPT .,;\"'é0", min_size=1, max_size=30).filter(name_words)
agencies = st.builds(
    Agency,
    names.map(lambda name: " ".join(name.split())).filter(name_words),
    st.from_regex(r"R-[0-9]{6}", fullmatch=True),
    st.sampled_from(["active", "suspended", "revoked", "unknown"]),
    st.sampled_from(["", 'Jalan "Rekaan", 1']),
    st.none() | st.dates(datetime.date(1990, 1, 1)),
)


@given(
    st.lists(agencies, min_size=1, max_size=3, unique_by=lambda a: a.licence),
    st.text("ab\\\"' \n{}é", max_size=9),
)
@settings(max_examples=50)
def test_a_snapshot_comes_back_as_it_was_written(firms: list[Agency], source: str) -> None:
    plain = "".join(letter for letter in source if letter.isprintable()).strip() or "x"
    snapshot = AgencySnapshot(tuple(firms), DAY, plain, False)
    assert read_snapshot(write_snapshot(snapshot)) == snapshot


def test_a_list_whose_two_files_do_not_fit_is_refused() -> None:
    files = write_snapshot(SNAPSHOT)
    with pytest.raises(ContentRefused, match="firms must be 5"):
        read_snapshot({**files, ABOUT_PATH: files[ABOUT_PATH].replace(b"firms = 5", b"firms = 6")})
    with pytest.raises(ContentRefused, match="p3mi.csv is missing"):
        read_snapshot({ABOUT_PATH: files[ABOUT_PATH]})
    with pytest.raises(ContentRefused, match="not text in UTF-8"):
        read_snapshot({**files, LIST_PATH: b"\xff"})


def test_the_age_of_a_list_is_counted_from_a_day_that_is_given() -> None:
    assert SNAPSHOT.age_days(DAY) == 0
    assert SNAPSHOT.age_days(DAY - datetime.timedelta(9)) == 0, (
        "a clock that is behind makes nothing negative"
    )
    assert not SNAPSHOT.is_stale(DAY + datetime.timedelta(90))
    assert SNAPSHOT.is_stale(DAY + datetime.timedelta(91))


def test_the_shipped_list_is_marked_as_made_up(shipped: dict[str, bytes]) -> None:
    snapshot = read_snapshot(shipped)
    assert snapshot.is_sample
    assert all("REKAAN" in agency.name for agency in snapshot.agencies)
