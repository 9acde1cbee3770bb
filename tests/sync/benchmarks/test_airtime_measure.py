"""The figures of a report: what they add up to, and what they are sums and means of."""

from __future__ import annotations

from statistics import mean

import pytest

from sync.airtime import CHANNEL_PAYLOAD_LIMIT, PRESETS, PUBLIC_KEY_PAYLOAD_LIMIT, payload_airtime_ms
from sync.benchmarks.airtime_measure import Conditions, Row, measure, measure_others, total, write_report
from sync.benchmarks.other_codecs import Other, compact_json
from sync.benchmarks.priming_text import PrimingText
from sync.benchmarks.report_lines import ReportLine
from sync.clock import ManualClock
from sync.records import Report, check_report
from sync.wire.frame_blocks import TAG_BYTES
from sync.wire.report_codec import encode_report, encode_report_with
from sync.wire.text_models import QUICK

AROUND = 2 + 1 + 1 + TAG_BYTES
"""Head, counter below 128, age, tag."""
LINES = [
    ReportLine("a", check_report({"kind": "other", "narrative": "tolong"})),
    ReportLine(
        None,
        check_report(
            {
                "kind": "recruiter",
                "narrative": "Bu Sari Contoh ngajak kerja ke Batam tanpa paspor",
                "channel": "web",
                "offer": {"wage_idr": 6_000_000},
            }
        ),
    ),
    ReportLine(
        3, check_report({"kind": "victim", "narrative": "".join(chr(0x4E00 + n) for n in range(300))})
    ),
]


def rows_of(limit: int = CHANNEL_PAYLOAD_LIMIT, preset: str = "LongFast", model: int = QUICK) -> list[Row]:
    return list(measure(LINES, Conditions(model, preset, limit), ManualClock()))


@pytest.mark.parametrize("model", [0, 1, QUICK])
def test_fields_texts_and_what_is_around_add_up(model: int) -> None:
    rows = rows_of(model=model)
    assert [row.id for row in rows] == ["a", None, 3]
    for row, line in zip(rows, LINES, strict=True):
        wire = write_report(line.report, model)
        assert row.fields_bytes + row.text_bytes == len(wire)
        assert row.sealed_bytes == len(wire) + AROUND
        assert row.fields_bytes > 0
        assert row.text_bytes >= 0
    assert rows[1].fields_bytes > rows[0].fields_bytes


def test_what_is_measured_is_what_a_node_writes() -> None:
    for line in LINES:
        assert write_report(line.report, QUICK) == encode_report_with(line.report, QUICK)
        assert write_report(line.report, 0) == encode_report(line.report, text_model=0)
    # No model knows this script: an instant form is shorter, and is taken.
    strange = check_report({"kind": "other", "narrative": "\u6551\u547d" * 40})
    assert write_report(strange, QUICK)[0] & 15 != QUICK


def test_airtime_is_that_of_all_packets_and_the_limit_says_who_encrypts() -> None:
    for name in ("LongFast", "ShortFast"):
        preset = PRESETS[name]
        rows = rows_of(preset=name)
        assert [row.packets for row in rows[:2]] == [1, 1]
        assert rows[0].airtime_ms == payload_airtime_ms(rows[0].sealed_bytes, preset)
        assert rows[2].packets > 1
        assert rows[2].airtime_ms > payload_airtime_ms(CHANNEL_PAYLOAD_LIMIT, preset)
        [by_public_key, *_] = rows_of(PUBLIC_KEY_PAYLOAD_LIMIT, name)
        assert by_public_key.airtime_ms == payload_airtime_ms(
            rows[0].sealed_bytes, preset, by_public_key=True
        )


def test_a_line_shows_what_tools_rely_on() -> None:
    assert list(rows_of()[0].shown()) == [
        "id",
        "fields_bytes",
        "text_bytes",
        "sealed_bytes",
        "packets",
        "airtime_ms",
    ]


def test_totals_are_sums_and_means_of_the_rows() -> None:
    rows = rows_of()
    figures = total(rows)
    assert figures["reports"] == 3
    for name in ("fields_bytes", "text_bytes", "sealed_bytes", "packets", "airtime_ms"):
        values = [getattr(row, name) for row in rows]
        assert figures[name] == pytest.approx(sum(values))
        assert figures[f"mean_{name}"] == pytest.approx(mean(values), abs=0.001)
    assert figures["one_packet"] == {"231": 0.6667, "219": 0.6667}
    assert figures["most_sealed_bytes"] == max(row.sealed_bytes for row in rows)


def test_time_to_write_and_read_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock()

    def slow_write(report: Report, model: int) -> bytes:
        clock.advance(0.25)
        return write_report(report, model)

    monkeypatch.setattr("sync.benchmarks.airtime_measure.write_report", slow_write)
    rows = list(measure(LINES[:2], Conditions(QUICK, "LongFast", 231), clock))
    assert [(row.write_ms, row.read_ms) for row in rows] == [(250, 0), (250, 0)]


def test_a_report_that_does_not_come_back_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.benchmarks.airtime_measure.decode_report", lambda _: LINES[0].report)
    with pytest.raises(ValueError, match="come back"):
        list(measure(LINES[1:], Conditions(QUICK, "LongFast", 231), ManualClock()))


@pytest.fixture
def two_others(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Other("plain", None, "a note", lambda _: compact_json)
    gone = Other("gone", "no_such_library_here", "", lambda _: compact_json)
    monkeypatch.setattr("sync.benchmarks.airtime_measure.OTHERS", (here, gone))


@pytest.mark.usefixtures("two_others")
def test_others_are_sealed_and_framed_alike_and_the_missing_left_out() -> None:
    begun: list[str] = []
    conditions = Conditions(QUICK, "LongFast", 231)
    found = measure_others(LINES[:2], conditions, PrimingText((), ()), ManualClock(), begun.append)
    assert begun == list(found) == ["plain"]
    sizes = [len(compact_json(line.report)) + AROUND for line in LINES[:2]]
    assert found["plain"]["mean_sealed_bytes"] == mean(sizes)
    assert found["plain"]["mean_packets"] == 1
    times = [payload_airtime_ms(size, PRESETS["LongFast"]) for size in sizes]
    assert found["plain"]["mean_airtime_ms"] == pytest.approx(mean(times), abs=0.001)
    assert found["plain"]["note"] == "a note"
