"""Cells that look like formulas, numbers, pieces."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator

import pytest
from openpyxl import load_workbook

from hub.exports.tables import Cell, csv_pieces, protected, unprotected, workbook

ROWS: list[list[Cell]] = [["#meta+id", "b"], ["=1+1", 5], [" @x", -3], ["a\x01b", ""], ["-", 0]]


def test_a_cell_that_would_be_computed_is_text() -> None:
    text = b"".join(csv_pieces(ROWS)).decode("utf-8-sig")
    assert text.splitlines() == ["#meta+id,b", "'=1+1,5", "' @x,-3", "a\x01b,", "'-,0"]
    sheet = load_workbook(io.BytesIO(workbook(ROWS, "x"))).active
    assert sheet is not None
    read = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert read[1] == [("=1+1", "s"), (5, "n")]
    assert read[3][0] == ("ab", "s")


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "cell",
    [
        "halo;=cmd|'/C calc'!A1;selesai",
        'a;"=1+1',
        'a, b;" ""+1;selesai',
        "a\n=1",
        "a\r@x",
        "a\t-1",
        ";\n=1;;=2",
        " =1; =2",
        "=1\n;\t+2",
    ],
)
def test_a_line_that_is_split_elsewhere_computes_nothing_either(cell: str, place: int) -> None:
    row: list[Cell] = ["x", "y"]
    row[place] = cell
    written = b"".join(csv_pieces([row])).decode("utf-8-sig")
    for delimiter in (";", ",", "\t"):
        for line in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter):
            assert not [one for one in line if one.strip()[:1] in ("=", "+", "-", "@") and one.strip()], (
                delimiter
            )
    assert unprotected(str(protected(cell))) == cell


def test_rows_are_taken_as_pieces_are_asked_for() -> None:
    taken = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(5000):
            taken.append(number)
            yield ["x" * 100, number]

    pieces = csv_pieces(rows())
    first = next(pieces)
    assert first.startswith("\ufeff".encode())
    assert len(taken) < 300
    assert b"".join([first, *pieces]).decode("utf-8-sig").count("\n") == 5000


def test_no_file_is_written_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file in clear")

    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp", "mkdtemp", "TemporaryDirectory"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert load_workbook(io.BytesIO(workbook(ROWS, "x"))).sheetnames == ["x"]


def test_the_same_rows_give_the_same_workbook() -> None:
    assert workbook(ROWS, "x") == workbook(ROWS, "x")
