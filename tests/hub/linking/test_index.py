"""A new report is compared with few others, and with those that matter."""

from __future__ import annotations

from typing import Any

import pytest

from hub.linking.evidence import Evidence, extract
from hub.linking.index import FULL, MOST_CANDIDATES, CandidateIndex
from hub.linking.words import Rarity
from sync.records import check_report


def evidence(narrative: str = "-", **fields: Any) -> Evidence:
    return extract(check_report({"kind": "recruiter", "narrative": narrative, **fields}))


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        (evidence("hp 0812-0000-3141"), evidence("nomor 0812 0000 3141")),
        (evidence("hp 0812-0000-3141"), evidence("hp 0812-0000-3114")),
        (evidence("nomornya belakangnya 3141"), evidence("0812-0000-3141")),
        (evidence(recruiter={"name": "Mukhlis"}), evidence("Bang Lis datang")),
        (evidence(recruiter={"name": "Soejono"}), evidence(recruiter={"name": "Sujono"})),
        (evidence("dari PT SRGA"), evidence(recruiter={"company": "PT Sumber Rejeki Guna Abadi"})),
        (evidence("@rina_karir8800"), evidence("@rinakarir00")),
        (evidence(place="33.29.08"), evidence(place="33.29.08.2003")),
        (evidence("Fikri hilang kemarin, kata Bayu"), evidence("Anak saya si Bayu pergi")),
    ],
)
def test_what_may_belong_together_meets(stored: Evidence, asked: Evidence) -> None:
    index = CandidateIndex(Rarity())
    index.add(7, stored)
    assert index.candidates(asked) == [7]


def test_strangers_do_not_meet() -> None:
    index = CandidateIndex(Rarity())
    index.add(0, evidence("Pak Darmaji nawari kerja", place="33.01.05"))
    assert index.candidates(evidence("Bu Kusmiyati minta uang", place="52.02.08")) == []


def test_a_key_of_very_many_reports_is_not_looked_up() -> None:
    index = CandidateIndex(Rarity())
    same = evidence(place="33.01.05")
    for position in range(FULL + 1):
        index.add(position, same)
    assert index.candidates(same) == []


def test_a_number_comes_before_places_when_there_are_many() -> None:
    index = CandidateIndex(Rarity())
    for position in range(2 * MOST_CANDIDATES):
        index.add(position, evidence(place="33.01.05"))
    index.add(999, evidence("0812-0000-3141"))
    found = index.candidates(evidence("0812-0000-3141", place="33.01.05"))
    assert len(found) == MOST_CANDIDATES
    assert 999 in found
