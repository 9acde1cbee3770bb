"""Reading REPORTS.jsonl: both forms, and clear words for what is wrong."""

from __future__ import annotations

import json

import pytest

from sync.benchmarks.report_lines import BadLine, read_report_lines

REPORT = {"kind": "other", "narrative": "Pak Wayan Contoh mengajak kerja"}


def line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


def test_both_forms_are_read_and_other_keys_ignored() -> None:
    read = read_report_lines([line(REPORT), b"\n", line({"id": [1], "truth": 3, "report": REPORT})])
    assert [one.id for one in read] == [None, [1]]
    assert all(one.report.to_json() == REPORT for one in read)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"{Wayan\n", "line 3: a line is a JSON object in UTF-8"),
        (b"\xff\n", "line 3: a line is a JSON object in UTF-8"),
        (b"[" * 100_000, "line 3: a line is a JSON object in UTF-8"),
        (b'"Wayan"\n', "line 3: a line is a report object"),
        (line({"report": "Wayan"}), "line 3: "),
        (line({**REPORT, "kind": "Wayan"}), "line 3: kind: "),
        (line({**REPORT, "Wayan": 1}), "line 3: "),
        (line({"kind": "other"}), "line 3: narrative: "),
        (line({"id": "\ud800 Wayan", "report": REPORT}), "line 3: an id is text"),
    ],
)
def test_a_bad_line_is_named_and_nothing_of_it_repeated(bad: bytes, says: str) -> None:
    with pytest.raises(BadLine) as refused:
        read_report_lines([line(REPORT), b" \n", bad, line(REPORT)])
    assert str(refused.value).startswith(says)
    assert "Wayan" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_report_at_all_is_said() -> None:
    with pytest.raises(BadLine, match="no report"):
        read_report_lines([b"\n"])
