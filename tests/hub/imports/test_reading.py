"""Files from outside: what is read, and what is refused in words."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from hub.imports.reading import COLUMNS_AT_MOST, FILE_MAX_BYTES, ROWS_AT_MOST, FileRefused, Table, read_table
from hub.referrals.files import as_csv, as_json, as_xlsx
from hub.referrals.htcds import FIELDS
from tests.hub.referrals.test_dossier import CHOICES, made


def workbook(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def changed(book: bytes, **parts: bytes) -> bytes:
    """Return a workbook with parts replaced or added; "__" stands for "/" and "_dot_" for "."."""
    names = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, names.pop(name) if name in names else old.read(name))
        for name, data in names.items():
            new.writestr(name, data)
    return kept.getvalue()


BOOK = workbook(["id", "judul"], [7, "Contoh"], [None, None], [8, "=tidak"[1:]])
SHEET = "xl__worksheets__sheet1_dot_xml"
WITH_DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
EXPECTED = Table(("id", "judul"), (("7", "Contoh"), ("8", "tidak")))


@pytest.mark.parametrize(
    "content",
    [
        b"id,judul\r\n7,Contoh\r\n\r\n8,tidak\r\n",
        b"\xef\xbb\xbfid;judul\n7;Contoh\n8;tidak\n",
        "id\tjudul\n7\tContoh\n8\ttidak\n".encode("utf-16"),
        b'id,judul\n"7",Contoh\n8,tidak',
        b'[{"id": 7, "judul": "Contoh"}, {"id": "8", "judul": "tidak"}]',
        b'{"standard": "x", "cases": [{"id": "7", "judul": "Contoh"}, {"judul": ["tidak"], "id": 8}]}',
        BOOK,
    ],
)
def test_each_form_gives_the_same_table(content: bytes) -> None:
    assert read_table(content) == EXPECTED


def test_what_the_hub_writes_it_reads() -> None:
    dossier = made(CHOICES)
    dossier["reports"][0]["htcds"]["per_Organisation"] = "=PT Contoh"
    dossier["reports"][0]["htcds"]["prs_MobilePhone"] = "+6281300009999"
    for content in (as_csv(dossier), as_json(dossier), as_xlsx(dossier)):
        table = read_table(content)
        assert table.header == FIELDS
        [row] = table.rows
        told = dict(zip(table.header, row, strict=True))
        assert (told["per_Organisation"], told["prs_MobilePhone"]) == ("=PT Contoh", "+6281300009999")


def test_ordinary_cells_that_begin_with_a_sign_are_no_formulas() -> None:
    text = "id,a\n1,+62 812 0000 1111\n2,-8.5\n3,- korban dibawa! lalu hilang\n4,'=x\n"
    assert [row[1] for row in read_table(text.encode()).rows] == [
        *("+62 812 0000 1111", "-8.5", "- korban dibawa! lalu hilang", "=x"),
    ]


def bomb() -> bytes:
    """Return a workbook of some kilobytes that unpacks to 16 MB."""
    return changed(BOOK, **{SHEET: b"<worksheet>" + b" " * 16_000_000 + b"</worksheet>"})


def lying() -> bytes:
    """Return a workbook whose table of contents says that its sheet is small."""
    data = bytearray(bomb())
    big, small = (
        (len(b"<worksheet></worksheet>") + 16_000_000).to_bytes(4, "little"),
        (90).to_bytes(4, "little"),
    )
    assert data.count(big) >= 1
    return bytes(data.replace(big, small))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "kosong"),
        (b" \n ", "kosong"),
        (b"x" * (FILE_MAX_BYTES + 1), "terlalu besar"),
        (b"id,judul\n", "satu baris judul"),
        (b"id,nama\n1,Sit\xedi\n", "UTF-8"),
        (b"id,nama\n1,a\0b\n", "bukan CSV"),
        (b'id,nama\n1,"a\n', "rusak"),
        (b"id," + b"x" * 140_000 + b"\n1,2\n", "rusak"),
        (b"id,a\n1,=1+1\n", "Baris 2 berisi rumus"),
        (b"id,a\n1, @SUM(1)\n", "rumus"),
        (b"id,a\n1,+cmd|' /C calc'!A0\n", "rumus"),
        (b"id,a\n1,-2+3+cmd|' /C calc'!A0\n", "rumus"),
        (b"id,a\n" + b"1,2\n" * (ROWS_AT_MOST + 1), f"{ROWS_AT_MOST} kasus"),
        (b"," * COLUMNS_AT_MOST + b"x\n1\n", f"{COLUMNS_AT_MOST} kolom"),
        (b"id,a\n1," + b"x" * 20_001 + b"\n", "20000 huruf"),
        (b'{"cases": 3}', "daftar kasus"),
        (b"[1]", "daftar kasus"),
        (b'[{"a": {"b": 1}}]', "terlalu dalam"),
        (b'[{"a": NaN}]', "rusak"),
        (b"[" * 100_000, "rusak"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "rusak"),
        (b"PK\x03\x04 no zip", "bukan XLSX"),
        (BOOK[:-30], "bukan XLSX"),
        (workbook(["id"], ["=1+1"]), "rumus"),
        (workbook(["id"], *([n] for n in range(ROWS_AT_MOST + 1))), f"{ROWS_AT_MOST} kasus"),
        (workbook(["id"], [1, *range(COLUMNS_AT_MOST)]), f"{COLUMNS_AT_MOST} kolom"),
        (changed(BOOK, xl__vbaProject_dot_bin=b"x"), "makro"),
        (changed(BOOK, xl__externalLinks__externalLink1_dot_xml=b"<x/>"), "makro"),
        (changed(BOOK, **{SHEET: b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}), "tidak dipakai"),
        *(
            (changed(BOOK, **{SHEET: WITH_DTD.encode(encoding)}), "tidak dipakai")
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp037")
        ),
        (
            changed(BOOK, **{SHEET: b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE x><worksheet/>"}),
            "tidak dipakai",
        ),
        (changed(BOOK, **{SHEET: b"<worksheet><sheetData><row>"}), "rusak"),
        (changed(BOOK, **{f"x{n}": b"x" for n in range(120)}), "terlalu besar"),
    ],
)
def test_a_hostile_file_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        read_table(content)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = bomb()
    assert len(packed) < FILE_MAX_BYTES
    with pytest.raises(FileRefused, match="terlalu besar saat dibuka"):
        read_table(packed)
    with pytest.raises(FileRefused, match="utuh"):
        read_table(lying())


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_it_goes() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<dimension ref="A1:XFD1048576"/><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(FileRefused, match="satu kasus"):
        read_table(changed(BOOK, **{SHEET: sheet}))


def test_no_damaged_workbook_breaks_the_reader() -> None:
    for place in range(0, len(BOOK), 97):
        broken = bytearray(BOOK)
        broken[place] ^= 0xFF
        try:
            table = read_table(bytes(broken))
        except FileRefused:
            continue
        assert table.header
    with pytest.raises(FileRefused):
        read_table(b"PK\x03\x04" + zlib.compress(json.dumps("x" * 99).encode()))
