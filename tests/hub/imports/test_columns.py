"""What columns mean, and rows as cases."""

from __future__ import annotations

from hub.imports.columns import TARGETS, drafts, propose_columns
from hub.imports.reading import Table
from hub.referrals.htcds import FIELDS


def nothing(_: str) -> str | None:
    return None


def test_headers_of_several_systems_are_known() -> None:
    header = ("No. Kasus", "NAMA KORBAN", "Kronologi", "prs_FirstName", "warna", "Negara Tujuan", "Tgl")
    table = Table(header, (("1", "a", "b", "c", "d", "e", "f"),))
    assert propose_columns(table) == ("id", "person", "story", "person", "", "destination", "date")


def test_htcds_is_known_and_columns_without_a_cell_are_left_out() -> None:
    filled = {"kentongan_CaseId": "2027-0001/1", "hte_City": "Kabupaten Contoh", "hte_Description": "cerita"}
    table = Table(FIELDS, (tuple(filled.get(name, "") for name in FIELDS),))
    columns = propose_columns(table)
    assert {name: now for name, now in zip(FIELDS, columns, strict=True) if now} == {
        "kentongan_CaseId": "id",
        "hte_City": "place",
        "hte_Description": "story",
    }
    [draft] = drafts(table, columns, "Hub Timur", nothing)
    assert (draft.source_id, draft.title, draft.blocked) == ("2027-0001/1", "Hub Timur 2027-0001/1", False)
    assert set(columns) - {""} <= set(TARGETS)


def test_each_row_says_what_is_wrong_with_it() -> None:
    rows = (
        ("1", "Judul", "2027-01-10"),
        ("", "Tanpa nomor", ""),
        ("1", "Lagi", ""),
        ("7", "Lama", ""),
        ("8", "", "kemarin"),
        ("9", "x" * 130, "10/01/2027"),
        ("x" * 121, "Panjang", ""),
    )
    table = Table(("id", "judul", "tanggal"), rows)
    found = drafts(table, ("id", "title", "date"), "BP3MI", lambda name: "2027-0003" if name == "7" else None)
    assert [(one.number, one.blocked, one.problems) for one in found] == [
        (2, False, ()),
        (3, True, ("Nomor kasus di sumber kosong.",)),
        (4, True, ("Nomor ini sudah ada di baris 2.",)),
        (5, True, ("Sudah diimpor sebagai kasus 2027-0003.",)),
        (
            *(6, False),
            (
                "Tanpa judul: ditulis sumber dan nomornya.",
                "Tanggal tidak terbaca: disimpan seperti tertulis.",
            ),
        ),
        (7, False, ("Judul dipotong sampai 120 huruf.",)),
        (8, True, ("Nomor kasus lebih dari 120 huruf.",)),
    ]
    assert len(found[5].title) == 120


def test_several_columns_of_one_meaning_are_joined() -> None:
    table = Table(("a", "b", "c"), (("Sekar", "Contoh", "x"),))
    [draft] = drafts(table, ("person", "person", ""), "x", nothing)
    assert draft.told == {"person": "Sekar Contoh"}
