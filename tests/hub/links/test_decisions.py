"""Nothing is joined without a person; a no is for good; each merge can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from linked_reports import BUDI, OTHER_SPELLING, SARI, THIRD_VILLAGE, WAYAN, LinkedReports
from village import VILLAGE, dump

from hub.links.models import LinkDecision, LinkGroup, LinkMember
from hub.models import Down
from hub.people_services import Contradicts, DecisionRefused, UnknownDecision, UnknownGroup
from hub.services import SignedIn, UnknownReport


def groups(linked: LinkedReports) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = LinkMember.select(LinkMember.group, LinkMember.report).tuples()
    for number, report in rows.execute(linked.region.hub.store.database):
        found.setdefault(number, set()).add(report)
    return found


def states(linked: LinkedReports, report: str) -> dict[str, str]:
    view = linked.work.similar(report, who=SARI)
    return {
        (one.other.id if one.one.id == report else one.one.id): one.state
        for one in view.suggestions
        if one.kind == "recruiter"
    }


def yes(linked: LinkedReports, one: str, other: str) -> int:
    return linked.work.decide("recruiter", one, other, same=True, reason="", who=SARI)


def no(linked: LinkedReports, one: str, other: str, reason: str = "Orangnya lain.") -> int:
    return linked.work.decide("recruiter", one, other, same=False, reason=reason, who=SARI)


def test_three_villages_reports_become_one_person_by_confirmations_alone(linked: LinkedReports) -> None:
    first, second, third = linked.three_villages()
    assert groups(linked) == {}
    would = linked.work.similar(first, who=SARI).would_be
    assert set(would["recruiter"]) == {first, second, third}
    assert groups(linked) == {}
    yes(linked, second, first)
    assert list(groups(linked).values()) == [{first, second}]
    yes(linked, first, third)
    [(number, members)] = groups(linked).items()
    assert members == {first, second, third}
    view = linked.work.group("recruiter", number, who=SARI)
    assert [name for name, _ in view.row.profile.names][:1] == ["Pak Wayan Contoe"]
    assert dict(view.row.profile.phones) == {"+6281200004321": 2, "+6281200009999": 1}
    assert len(view.row.profile.villages) == view.row.reports == 3
    assert [row.by for row in view.history] == ["sari", "sari"]


def test_undo_restores_what_was_with_its_numbers_and_keeps_the_history(linked: LinkedReports) -> None:
    names = [linked.told(recruiter=WAYAN) for _ in range(4)]
    one = yes(linked, names[0], names[1])
    two = yes(linked, names[2], names[3])
    before = (groups(linked), {name: states(linked, name) for name in names})
    assert before[0] == {one: set(names[:2]), two: set(names[2:])}
    bridge = yes(linked, names[1], names[2])
    assert groups(linked) == {one: set(names)}
    with pytest.raises(UnknownGroup) as gone:
        linked.work.group("recruiter", two, who=SARI)
    assert gone.value.now == (one,)
    linked.work.undo(bridge, reason="Salah orang.", who=BUDI)
    assert (groups(linked), {name: states(linked, name) for name in names}) == before
    [row] = [row for row in linked.work.group("recruiter", one, who=SARI).history if row.number == bridge]
    assert (row.by, row.undone_by, row.undo_reason, row.holds) == ("sari", "budi", "Salah orang.", False)
    with pytest.raises(UnknownDecision):
        linked.work.undo(bridge, reason="Lagi.", who=BUDI)


def test_undoing_the_oldest_decision_tells_where_its_reports_are_now(linked: LinkedReports) -> None:
    names = [linked.told(recruiter=WAYAN) for _ in range(3)]
    oldest = yes(linked, names[0], names[1])
    next_one = yes(linked, names[1], names[2])
    linked.work.undo(oldest, reason="Salah.", who=SARI)
    assert groups(linked) == {next_one: set(names[1:])}
    with pytest.raises(UnknownGroup) as gone:
        linked.work.group("recruiter", oldest, who=SARI)
    assert gone.value.now == (next_one,)


def test_a_no_is_never_suggested_again(linked: LinkedReports) -> None:
    first, second = linked.told(recruiter=WAYAN), linked.told(recruiter=OTHER_SPELLING)
    no(linked, first, second)
    assert linked.work.waiting(before=None, limit=9, who=SARI) == ([], None)
    linked.grow(second, "Nomornya 0812-0000-4321, perusahaannya PT Maju Contoh Sejati, ke Malaysia.")
    linked.region.restart_hub()
    linked.grow(first, "Orang yang sama lagi.")
    assert linked.work.waiting(before=None, limit=9, who=SARI) == ([], None)
    assert states(linked, first) == {second: "rejected"}


def test_a_no_holds_when_a_third_report_would_join_both(linked: LinkedReports) -> None:
    first, second = linked.told(recruiter=WAYAN), linked.told(recruiter=OTHER_SPELLING)
    refusal = no(linked, first, second)
    third = linked.told(recruiter=WAYAN)
    [caution] = linked.work.similar(third, who=SARI).cautions
    assert caution.number == refusal
    yes(linked, first, third)
    assert states(linked, third) == {first: "confirmed", second: "conflict"}
    view = next(v for v in linked.work.similar(third, who=SARI).suggestions if v.state == "conflict")
    assert view.keeps_apart is not None
    assert (view.keeps_apart.number, view.keeps_apart.reason) == (refusal, "Orangnya lain.")
    assert linked.work.waiting(before=None, limit=9, who=SARI) == ([], None)
    with pytest.raises(Contradicts) as against:
        yes(linked, second, third)
    assert [row.number for row in against.value.standing] == [refusal]
    assert list(groups(linked).values()) == [{first, third}]
    fourth = linked.told(recruiter=WAYAN)
    assert states(linked, fourth) == {first: "open", second: "open", third: "open"}
    assert set(linked.work.similar(fourth, who=SARI).would_be["recruiter"]) in (
        {first, third, fourth},
        {second, fourth},
    )


def test_two_of_one_person_cannot_be_kept_apart_before_what_joins_them_is_undone(
    linked: LinkedReports,
) -> None:
    names = [linked.told(recruiter=WAYAN) for _ in range(3)]
    numbers = [yes(linked, names[0], names[1]), yes(linked, names[1], names[2])]
    with pytest.raises(Contradicts) as against:
        no(linked, names[0], names[2])
    assert [row.number for row in against.value.standing] == numbers
    with pytest.raises(Contradicts):
        no(linked, names[0], names[1])


def test_the_same_decision_again_changes_nothing(linked: LinkedReports) -> None:
    first, second = linked.told(recruiter=WAYAN), linked.told(recruiter=WAYAN)
    assert yes(linked, first, second) == yes(linked, second, first)
    assert LinkDecision.select().count(linked.region.hub.store.database) == 1


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501, "rusak \ud800"])
def test_a_no_needs_a_reason_that_can_be_read(linked: LinkedReports, reason: str) -> None:
    first, second = linked.told(recruiter=WAYAN), linked.told(recruiter=WAYAN)
    with pytest.raises(DecisionRefused):
        no(linked, first, second, reason)
    number = yes(linked, first, second)
    with pytest.raises(DecisionRefused):
        linked.work.undo(number, reason=reason, who=SARI)
    assert len(groups(linked)) == 1


def test_unknown_and_equal_reports_are_refused(linked: LinkedReports) -> None:
    first = linked.told(recruiter=WAYAN)
    with pytest.raises(UnknownReport):
        yes(linked, first, "ffffffffffffffff.0.9")
    with pytest.raises(DecisionRefused):
        yes(linked, first, first)


def test_reports_of_one_event_are_joined_apart_from_their_recruiter(linked: LinkedReports) -> None:
    story = "Kapal Dewi Contoh membawa 14 orang dari pelabuhan, Fikri dan Bayu ikut, bayar 12 juta."
    first, second = (
        linked.told(story, place=VILLAGE, observed_on="2026-05-04", people={"men": 14}) for _ in range(2)
    )
    [row] = [r for r in linked.work.waiting(before=None, limit=9, who=SARI)[0] if r.kind == "event"]
    number = linked.work.decide("event", row.one.id, row.other.id, same=True, reason="", who=SARI)
    assert {one.id for one in linked.work.group("event", number, who=SARI).members} == {first, second}
    with pytest.raises(UnknownGroup):
        linked.work.group("recruiter", number, who=SARI)


def test_every_look_and_decision_is_noted_and_nothing_goes_to_a_village(linked: LinkedReports) -> None:
    first, second, _ = linked.three_villages()
    database = linked.region.hub.store.database
    downs = Down.select().count(database)
    linked.work.similar(first, who=BUDI)
    number = linked.work.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    linked.work.group("recruiter", number, who=BUDI)
    linked.work.undo(number, reason="Salah.", who=BUDI)
    noted = [
        kept.entry.what
        for kept in linked.region.hub.store.audit.entries()
        if kept.entry.by == "budi" and kept.entry.about == f"report {second}"
    ]
    assert noted == ["compared", "recruiter joined", "person", "recruiter decision undone"]
    assert Down.select().count(database) == downs


class TestForgetting:
    @pytest.mark.parametrize("database_url", [None])  # what is read here is of SQLite
    def test_nothing_of_a_report_stays_in_the_file(self, linked: LinkedReports) -> None:
        first = linked.told(
            "Namanya Zulkarnaenda, hp 0812-0000-4321, kapal Xyloteka.",
            recruiter={"name": "Zulkarnaenda Qowi"},
        )
        second = linked.told(
            recruiter={"name": "Zulkarnaen", "phone": "0812-0000-4321"}, village=THIRD_VILLAGE
        )
        third = linked.told(recruiter={"phone": "0812-0000-4321"})
        yes(linked, first, second)
        no(linked, first, third, "Zulkarnaenda bukan dia.")
        words = (b"Zulkarnaenda", b"sulkarnaenda", b"Qowi", b"kowi", b"yloteka")
        assert _found(linked, words) != []
        linked.remove(first)
        linked.link()
        assert _found(linked, words) == []
        assert [row.report for row in _rows(linked, LinkMember)] == [first, second]
        assert [row.reports for row in _rows(linked, LinkGroup)] == [1]
        assert all("Zulkarnaenda" not in row.reason for row in _rows(linked, LinkDecision))
        linked.remove(second)
        linked.remove(third)
        assert _found(linked, (b"4321", b"ulkarnaen")) == []
        assert _rows(linked, LinkGroup) == []
        tables = dump(linked.region.hub_folder)
        assert tables["link_evidence"] == tables["link_posting"] == tables["link_suggestion"] == []

    def test_what_others_decided_on_top_of_it_stays(self, linked: LinkedReports) -> None:
        names = [linked.told(recruiter=WAYAN) for _ in range(3)]
        number = yes(linked, names[0], names[1])
        yes(linked, names[1], names[2])
        linked.remove(names[1])
        view = linked.work.group("recruiter", number, who=SARI)
        assert {one.id for one in view.members} == {names[0], names[2]}
        assert view.row.reports == 2
        assert states(linked, names[0]) == {names[2]: "joined"}

    def test_a_report_that_is_being_linked_is_not_kept_again(
        self, linked: LinkedReports, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        linked.told(recruiter=WAYAN)
        find = type(linked.work.linker)._find

        def find_while_it_is_removed(self: object, placed: object, evidence: object) -> object:
            found = find(self, placed, evidence)  # type: ignore[arg-type]
            linked.remove("0000000000000002.0.1")
            return found

        monkeypatch.setattr(type(linked.work.linker), "_find", find_while_it_is_removed)
        linked.told(recruiter=WAYAN)
        tables = dump(linked.region.hub_folder)
        assert len(tables["link_evidence"]) == 1
        assert tables["link_suggestion"] == tables["link_due"] == []


def _rows(linked: LinkedReports, model: Any) -> list[Any]:
    keys = model._meta.get_primary_keys()
    return list(model.select().order_by(*keys).execute(linked.region.hub.store.database))


def _found(linked: LinkedReports, words: tuple[bytes, ...]) -> list[bytes]:
    """Return which words stand in the database's file, closed and whole."""
    linked.region.stop_hub()
    content = b"".join(file.read_bytes() for file in linked.region.hub_folder.glob("*.sqlite3*"))
    return [word for word in words if word in content]


def test_an_account_with_areas_sees_and_decides_about_those_alone(linked: LinkedReports) -> None:
    first, second, third = linked.three_villages()
    number = yes(linked, first, second)
    yes(linked, first, third)
    nani = SignedIn("nani", "analyst", ("52.02",))
    with pytest.raises(UnknownReport):
        linked.work.similar(second, who=nani)
    with pytest.raises(UnknownReport):
        linked.work.decide("recruiter", first, second, same=True, reason="", who=nani)
    assert linked.work.similar(first, who=nani).suggestions == ()
    view = linked.work.group("recruiter", number, who=nani)
    assert [one.id for one in view.members] == [first]
    assert view.row.reports == 1
    assert view.history == ()
    with pytest.raises(UnknownDecision):
        linked.work.undo(number, reason="Salah.", who=nani)
    assert "Pak Wayan Contoe" not in [name for name, _ in view.row.profile.names]
    fourth = linked.told(recruiter=WAYAN, village=THIRD_VILLAGE)
    assert linked.work.waiting(before=None, limit=9, who=nani)[0] == []
    assert {n.label for n in view.network.nodes if n.kind == "village"} == {"Desa 2001"}
    assert linked.work.waiting(before=None, limit=9, who=SARI)[0] != []
    with pytest.raises(UnknownReport):
        linked.work.similar(fourth, who=nani)
