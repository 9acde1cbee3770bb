from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from village import Region

from village_node.departures import (
    DepartureRefused,
    Departures,
    Entry,
    Line,
    UnknownDeparture,
    Version,
    counts_as_csv,
    monthly_counts,
)

LINE = Line("PT Contoh Sejahtera", "Malaysia", date(2026, 11, 5), 3)


@pytest.fixture
def ledger(region: Region) -> Departures:
    return region.node().departures


def test_a_correction_counts_and_what_stood_before_stays(ledger: Departures) -> None:
    number = ledger.add(LINE)
    ledger.correct(number, replace(LINE, people=4))
    [entry] = ledger.all()
    assert (entry.number, entry.line.people) == (number, 4)
    assert [version.line.people for version in entry.versions] == [3, 4]
    assert entry.versions[0].noted_on == "2027-01-15"
    ledger.remove(number)
    [entry] = ledger.all()
    assert entry.removed
    assert len(entry.versions) == 3
    with pytest.raises(UnknownDeparture):
        ledger.correct(number, LINE)
    with pytest.raises(UnknownDeparture):
        ledger.remove(99)


def test_it_is_there_after_a_start(region: Region) -> None:
    region.node().departures.add(LINE)
    region.restart_node()
    assert [entry.line for entry in region.node().departures.all()] == [LINE]
    assert region.node().departures.add(LINE) == 2


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"agency": ""}, "agency"),
        ({"agency": "x" * 81}, "agency"),
        ({"destination": "a\nb"}, "destination"),
        ({"people": 0}, "people"),
        ({"people": 501}, "people"),
        ({"letter_on": date(2027, 1, 16)}, "letter_on"),
        ({"letter_on": date(1999, 1, 1)}, "letter_on"),
    ],
)
def test_what_is_no_line_is_refused(ledger: Departures, wrong: dict[str, object], where: str) -> None:
    with pytest.raises(DepartureRefused) as refused:
        ledger.add(replace(LINE, **wrong))  # type: ignore[arg-type]
    assert list(refused.value.problems) == [where]
    assert ledger.all() == []


def entries(ledger: Departures) -> list[Entry]:
    ledger.add(LINE)
    ledger.add(LINE)
    ledger.add(replace(LINE, agency="=2+3", letter_on=date(2026, 12, 1)))
    ledger.remove(ledger.add(LINE))
    return ledger.all()


def test_counts_are_by_month_agency_and_destination(ledger: Departures) -> None:
    assert monthly_counts(entries(ledger)) == [
        ("2026-12", "=2+3", "Malaysia", 1, 3),
        ("2026-11", "PT Contoh Sejahtera", "Malaysia", 2, 6),
    ]


@pytest.mark.parametrize(
    ("agency", "cell"),
    [
        ("=2+3", "'=2+3"),
        (" @SUM(1)", "' @SUM(1)"),
        ("PT Contoh,=2+3", "PT Contoh,'=2+3"),
        ('PT Contoh;"+2', '"PT Contoh;\'""+2"'),
        ("PT Contoh-Sejahtera", "PT Contoh-Sejahtera"),
    ],
)
def test_whatever_splits_the_lines_nothing_is_computed(agency: str, cell: str) -> None:
    entry = Entry(1, (Version(replace(LINE, agency=agency), removed=False, noted_on=None),))
    text = counts_as_csv([entry]).decode("utf-8-sig")
    assert text.splitlines()[1] == f"2026-11;{cell};Malaysia;1;3"


def test_a_spreadsheet_computes_nothing_of_the_csv(ledger: Departures) -> None:
    text = counts_as_csv(entries(ledger)).decode("utf-8-sig")
    assert text.splitlines() == [
        "bulan;perusahaan;tujuan;surat;orang",
        "2026-12;'=2+3;Malaysia;1;3",
        "2026-11;PT Contoh Sejahtera;Malaysia;2;6",
    ]
