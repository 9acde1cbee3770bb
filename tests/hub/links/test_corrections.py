"""A person of interest who was wrongly named is in no list any more, and comes back when that is undone."""

from __future__ import annotations

import pytest
from linked_reports import BUDI, SARI, THIRD_VILLAGE, LinkedReports
from village import VILLAGE, Region

from hub.links.corrections import Corrections
from hub.people_services import DecisionRefused, UnknownGroup
from hub.services import SignedIn

WHY = "Orang lain dengan nama yang sama"
LOCAL = SignedIn("komang", "supervisor", areas=(VILLAGE,))


@pytest.fixture
def linked(region: Region) -> LinkedReports:
    return LinkedReports(region)


@pytest.fixture
def corrections(region: Region) -> Corrections:
    return region.hub.store.people.corrections


def shown(linked: LinkedReports) -> tuple[object, ...]:
    """Return all places in which the recruiter of reports shows, for an analyst."""
    work, reports = linked.work, [f"{n:016x}.0.1" for n in (1, 2, 3, 4)]
    waiting, _ = work.waiting(before=None, limit=99, who=SARI)
    people, _ = work.groups("recruiter", before=None, limit=99, who=SARI)
    events, _ = work.groups("event", before=None, limit=99, who=SARI)
    return (
        sorted((row.kind, row.one.id, row.other.id, row.pieces) for row in waiting),
        [row.number for row in people],
        [(row.number, row.profile.names, row.profile.phones, row.profile.companies) for row in events],
        [work.of_report(one) for one in reports],
        [[(s.kind, s.pieces) for s in work.similar(one, who=SARI).suggestions] for one in reports],
        [work.similar(one, who=SARI).would_be for one in reports],
        [
            [
                n.label
                for n in work.group("recruiter", row.number, who=SARI).network.nodes
                if n.kind == "person"
            ]
            for row in people
        ],
    )


def test_a_marked_person_is_nowhere_and_undoing_brings_all_back(
    linked: LinkedReports, corrections: Corrections
) -> None:
    first, second, third = linked.three_villages()
    fourth = linked.told("Mengajak kerja ke Malaysia.", recruiter={"name": "Joko", "phone": "0812-0000-4321"})
    fifth = linked.told(recruiter={"name": "Joko", "phone": "0812-0000-4321"})
    person = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    beside = linked.work.decide("recruiter", fourth, fifth, same=True, reason="", who=BUDI)
    linked.work.decide("event", first, third, same=True, reason="", who=BUDI)
    before = shown(linked)
    assert "Wayan Contohe" in str(before)
    neighbours = linked.work.group("recruiter", beside, who=SARI).network.nodes
    assert {n.number for n in neighbours if n.kind == "person"} == {person, beside}
    corrections.mark(person, WHY, who=BUDI)
    waiting, numbers, events, _, similar, would_be, networks = shown(linked)
    for kind, one, other, _ in waiting:  # type: ignore[attr-defined]
        assert kind == "event" or not {one, other} & {first, second}
    assert numbers == [beside]
    assert networks == [["Joko"]]
    assert "4321" not in str(events)
    assert "Contohe" in str(events)  # of the third report, which was not marked
    for place, group in enumerate(would_be[:2]):  # type: ignore[index]
        assert "recruiter" not in group
        assert all(kind != "recruiter" for kind, _ in similar[place])  # type: ignore[index]
        assert "4321" not in str(similar[place])  # type: ignore[index]
    for one in (first, second):
        assert "recruiter" not in linked.work.of_report(one).groups
        assert not [reason for reason in linked.work.of_report(one).reasons if "perekrut" in reason]
        assert not [reason for reason in linked.work.of_report(one).reasons if "telepon" in reason]
        note = corrections.of_report(one)
        assert note is not None
        assert (note.person, note.by, note.holds) == (person, "budi", True)
    assert corrections.of_report(third) is None
    with pytest.raises(UnknownGroup):
        linked.work.group("recruiter", person, who=SARI)
    for decide in (
        lambda: linked.work.decide("recruiter", first, third, same=True, reason="", who=BUDI),
        lambda: linked.work.undo(person, reason="lain", who=BUDI),
    ):
        with pytest.raises(DecisionRefused, match="koreksinya"):
            decide()
    corrections.undo(person, "Ternyata benar", who=BUDI)
    assert shown(linked) == before
    assert corrections.of_report(first) is None
    [one] = corrections.view(person, who=BUDI).history
    assert (one.undone_by, one.undo_reason) == ("budi", "Ternyata benar")


def test_every_step_is_noted_and_needs_a_reason(
    region: Region, linked: LinkedReports, corrections: Corrections
) -> None:
    first, second, _ = linked.three_villages()
    person = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    with pytest.raises(DecisionRefused, match="Alasan"):
        corrections.mark(person, " ", who=BUDI)
    with pytest.raises(DecisionRefused, match="tidak ditandai"):
        corrections.undo(person, "x", who=BUDI)
    region.hub.store.rights.open("correction", str(person), "agency", None, None, who=BUDI)
    corrections.mark(person, WHY, who=BUDI)
    assert region.hub.store.rights.running(limit=9, who=BUDI)[1] == 0
    with pytest.raises(DecisionRefused, match="sudah ditandai"):
        corrections.mark(person, WHY, who=BUDI)
    corrections.undo(person, "Ternyata benar", who=BUDI)
    noted = [(e.entry.what, e.entry.about, e.entry.reason) for e in region.hub.store.audit.entries()]
    for what, reason in (("wrongly named", WHY), ("wrongly named undone", "Ternyata benar")):
        assert (what, f"person {person}", reason) in noted
        assert [about for told, about, _ in noted if told == what][1:] == [
            f"report {first}",
            f"report {second}",
        ]


def test_an_account_marks_whom_it_sees_whole(linked: LinkedReports, corrections: Corrections) -> None:
    first, second, third = linked.three_villages()
    person = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    nobody = SignedIn("made", "supervisor", areas=(THIRD_VILLAGE,))
    for act in (corrections.mark, corrections.undo):
        with pytest.raises(UnknownGroup):
            act(person, WHY, who=nobody)
        with pytest.raises(DecisionRefused, match="wilayah lain"):
            act(person, WHY, who=LOCAL)
    with pytest.raises(UnknownGroup):
        corrections.view(person, who=nobody)
    corrections.mark(person, WHY, who=BUDI)
    assert corrections.view(person, who=LOCAL).reports == (first,)
    assert ([c.person for c in corrections.all(who=LOCAL)], corrections.all(who=nobody)) == ([person], [])
    assert third not in corrections.view(person, who=BUDI).reports


def test_a_forgotten_report_leaves_the_correction(
    region: Region, linked: LinkedReports, corrections: Corrections
) -> None:
    first, second, third = linked.three_villages()
    person = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    linked.work.decide("recruiter", second, third, same=True, reason="", who=BUDI)
    corrections.mark(person, WHY, who=BUDI)
    linked.remove(first)
    assert corrections.of_report(first) is None
    assert corrections.of_report(second) is not None
    assert "Contoe" in corrections.words_by_report([second])[second]
