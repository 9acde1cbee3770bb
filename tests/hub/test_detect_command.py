"""`kentongan hub detect`: a line a point, one line of error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kentongan import main

COUNTS = Path(__file__).parent / "signals" / "data" / "counts.csv"


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["hub", "detect", *(str(argument) for argument in arguments)])


def test_a_point_is_a_line_of_json_in_the_order_of_the_file() -> None:
    flexible = ["--method", "farringtonFlexible", "--set", "b=3", "--set", "weightsThreshold=1"]
    result = run(COUNTS, *flexible, "--from", "289", "--json")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["series"], line["i"]) for line in lines] == [
        *(("salmonella.agona:UK", i) for i in range(289, 313)),
        *(("ha.sts:pank", i) for i in (289, 290)),
    ]
    assert list(lines[0]) == ["series", "i", "count", "upperbound", "alarm"]
    assert lines[0]["count"] == 4
    assert lines[0]["alarm"] is False
    assert lines[24]["upperbound"] == pytest.approx(1.46558761, rel=1e-6)
    assert lines[25] == {"series": "ha.sts:pank", "i": 290, "count": 0, "upperbound": None, "alarm": False}


def test_without_from_it_begins_where_r_does() -> None:
    result = run(COUNTS, "--method", "earsC", "--json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == (312 - 7) + (290 - 7)
    assert lines[0]["i"] == 8
    assert lines[0]["upperbound"] == pytest.approx(6.881218334, rel=1e-6)


def test_a_table_for_people_marks_alarms() -> None:
    result = run(COUNTS, "--method", "farrington", "--set", "b=3", "--from", "261")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["series", "i", "count", "upperbound", "alarm"]
    assert lines[1].split() == ["salmonella.agona:UK", "261", "4", "3.8705", "ALARM"]


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (None, ["--method", "rahasia"], "the method is one of farrington, farringtonFlexible"),
        (None, ["--method", "rki", "--set", "alpha=rahasia"], "the method has b, w, actY"),
        (None, ["--method", "rki", "--set", "b=rahasia"], "b is a whole number from 0 to 50"),
        (None, ["--method", "earsC", "--from", "3"], "the first week to test is one of 8 to 312"),
        (b"series,i,count\nrahasia,1,1\nrahasia,3,1\n", ["--method", "earsC"], "lacks weeks"),
        (b"series,i,count\nrahasia,1,-4\n", ["--method", "earsC"], "a count is 0 to"),
        (b"\xff\xfe\x00rahasia", ["--method", "earsC"], "not text in UTF-8"),
        (b"rahasia\n", ["--method", "earsC"], "the first line names the columns series,i,count"),
    ],
)
def test_bad_input_is_one_line_and_exit_1(
    tmp_path: Path, text: bytes | None, arguments: list[str], said: str
) -> None:
    file = COUNTS
    if text is not None:
        file = tmp_path / "counts.csv"
        file.write_bytes(text)
    result = run(file, *arguments, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("kentongan: ")
    assert said in line
    assert "rahasia" not in line
