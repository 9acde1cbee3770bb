"""What is suggested, in which order, and that what is kept comes back."""

from __future__ import annotations

import dataclasses
from typing import Any

from hub.linking.evidence import Evidence, extract
from hub.linking.evidence_text import evidence_from_text, evidence_to_text
from hub.linking.linking import DEFAULT, background_of
from hub.linking.scoring import Link, Piece
from hub.links.cursors import cursor_at, read_cursor
from hub.links.weighing import (
    MOST_OF_A_KIND,
    NAME_MOST_BITS,
    SLACK_BITS,
    Weighed,
    pieces_from_text,
    pieces_to_text,
    rank_of,
    strongest,
    weigh,
)
from sync.records import check_report


def said(narrative: str = "-", **fields: Any) -> Evidence:
    return extract(check_report({"kind": "recruiter", "narrative": narrative, **fields}))


def test_strong_is_at_the_threshold_and_what_lies_below_the_slack_is_gone() -> None:
    one, other = said("hp 0812-0000-4321"), said("hp 0812-0000-4321")
    known = background_of([one, other])
    bits = weigh(one, other, known, 2)[0].bits
    for threshold, expected in ((bits, [True]), (bits + 0.1, [False]), (bits + SLACK_BITS + 0.1, [])):
        settings = dataclasses.replace(DEFAULT, recruiter_threshold=threshold, event_threshold=99.0)
        assert [w.strong for w in weigh(one, other, known, 2, settings)] == expected


def test_more_reports_ask_for_more() -> None:
    one = said(recruiter={"name": "Wayan Contohe"}, place="52.02.08.2001", offer={"destination": "TW"})
    known = background_of([one, one])
    assert [w.strong for w in weigh(one, one, known, 2) if w.kind == "recruiter"] == [True]
    assert [w for w in weigh(one, one, known, 10**12) if w.kind == "recruiter" and w.strong] == []


def test_a_rare_name_lifts_no_pair_above_one_with_a_number() -> None:
    name, place = Piece("name", "", 19.0, "agree", ("a", "b")), Piece("place", "", 6.0, "same", ("52",))
    assert rank_of("recruiter", Link((name, place))) == 6.0 + NAME_MOST_BITS
    marked = Link((name, Piece("phone", "", 22.0, "same", ("+62",))))
    assert rank_of("recruiter", marked) == marked.bits
    assert rank_of("event", Link((name, place))) == 25.0


def test_of_many_the_strongest_of_each_kind_are_kept() -> None:
    found = [(f"{n:03}", Weighed("recruiter", (), float(n), 0.0, True)) for n in range(50)]
    found.append(("e", Weighed("event", (), 1.0, 0.0, True)))
    kept = strongest(found)
    assert [name for name, _ in kept] == [f"{n:03}" for n in range(49, 49 - MOST_OF_A_KIND, -1)] + ["e"]


def test_pieces_and_evidence_come_back_as_they_were() -> None:
    pieces = (Piece("phone", "same number", 22.0, "same", ("+6281200004321",)), Piece("job", "other", -0.7))
    assert pieces_from_text(pieces_to_text(pieces)) == pieces
    full = said(
        "Bang Lis @rina_karir8800 DR 1234 AB dari PT Maju Contoh, 12 orang, 5 juta, belakangnya 4321",
        recruiter={"name": "H. Wayan Contohe", "phone": "0812-0000-4321"},
        place="52.02.08.2001",
        observed_on="2026-05-04",
        offer={"destination": "MY", "job": "factory"},
    )
    for one in (full, said()):
        assert evidence_from_text(evidence_to_text(one)) == one


def test_cursors() -> None:
    assert read_cursor(cursor_at(17.25, 3)) == (17.25, 3)
    for bad in (None, "", "x", "W10=", "W251bGwsMV0=", cursor_at(float("nan"), 1), cursor_at(1.0, 2**31)):
        assert read_cursor(bad) is None
