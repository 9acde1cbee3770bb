"""What staff do: list, read, answer, mark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from village import OTHER_VILLAGE, STORY, Region, report

from hub.cases.services import InboxChoice
from hub.desk_work import DeskWork
from hub.models import Report
from hub.services import ANSWER_MAX_CHARACTERS, AnswerRefused, SignedIn, UnknownReport


def arrive(region: Region, *stories: str, urgency: str = "info") -> list[str]:
    """Let reports arrive together, with one time of arrival; return their ids."""
    ids = [region.file(story, urgency=urgency).envelope_id for story in stories]
    region.exchange()
    return [name for name in ids if name is not None]


@pytest.fixture
def work(region: Region) -> DeskWork:
    return region.hub.store.work


class TestListing:
    def test_every_report_comes_out_for_the_command_line_and_stays_unread(
        self, region: Region, work: DeskWork
    ) -> None:
        arrive(region, *(f"cerita {n}" for n in range(5)))
        assert len(list(work.all_reports())) == 5
        choice = InboxChoice(unread=True)
        page, _ = region.hub.store.inbox.page(choice, before=None, limit=10, who=SignedIn("sari", "analyst"))
        assert len(page) == 5

    def test_ten_times_the_reports_ask_no_more_of_the_database(
        self, region: Region, work: DeskWork, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        database = region.hub.store.database
        asked: list[str] = []
        execute = database.execute_sql

        def counting(sql: str, *arguments: object, **options: object) -> object:
            asked.append(sql)
            return execute(sql, *arguments, **options)

        monkeypatch.setattr(database, "execute_sql", counting)
        counts = []
        for size in (3, 30):
            arrive(region, *(f"cerita {n}" for n in range(size)))
            asked.clear()
            list(work.all_reports())
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestReading:
    def test_the_first_look_marks_it_read_and_every_look_is_noted(
        self, region: Region, work: DeskWork
    ) -> None:
        [name] = arrive(region, STORY)
        first = work.show_report(name, by="sari")
        region.clock.advance(60)
        second = work.show_report(name, by="budi")
        assert first.report == second.report == report(urgency="info")
        assert first.read_at == second.read_at
        looked = [(kept.entry.by, kept.entry.what) for kept in region.hub.store.audit.entries()]
        assert looked == [("sari", "read"), ("budi", "read")]
        assert len(region.hub.store.outgoing.waiting()) == 1

    def test_an_unknown_report_is_unknown_everywhere(self, region: Region, work: DeskWork) -> None:
        for name in ("ffffffffffffffff.0.1", "nonsense", "", "' OR 1=1 --"):
            with pytest.raises(UnknownReport):
                work.view(name)
            with pytest.raises(UnknownReport):
                work.show_report(name, by="sari")
            with pytest.raises(UnknownReport):
                work.answer(name, "Baik.", asks=False, by="sari")
            with pytest.raises(UnknownReport):
                work.mark_acted_on(name, by="sari")

    def test_acting_twice_is_told_once(self, region: Region, work: DeskWork) -> None:
        [name] = arrive(region, STORY)
        work.mark_acted_on(name, by="sari")
        region.clock.advance(60)
        work.mark_acted_on(name, by="budi")
        assert len(region.hub.store.outgoing.waiting()) == 1
        row = Report.select().get(region.hub.store.database)
        assert row.acted_on_at == region.clock.wall_s() - 60


class TestAnswering:
    @pytest.mark.parametrize("text", ["", "  \n ", "x" * (ANSWER_MAX_CHARACTERS + 1), "patah \udcff"])
    def test_what_cannot_be_an_answer_is_refused_and_changes_nothing(
        self, region: Region, work: DeskWork, text: str
    ) -> None:
        [name] = arrive(region, STORY)
        with pytest.raises(AnswerRefused):
            work.answer(name, text, asks=False, by="sari")
        assert work.view(name).answers == ()
        assert region.hub.store.outgoing.waiting() == []

    def test_the_longest_answer_is_taken_and_shown_as_delivered_when_it_is(
        self, region: Region, work: DeskWork
    ) -> None:
        [name] = arrive(region, STORY)
        work.answer(name, "\u6f22" * ANSWER_MAX_CHARACTERS, asks=True, by="sari")
        [answer] = work.view(name).answers
        assert (answer.asks, answer.written_by, answer.delivered) == (True, "sari", False)
        region.settle()
        [answer] = work.view(name).answers
        assert answer == replace(answer, delivered=True)

    def test_line_ends_of_browsers_are_made_plain(self, region: Region, work: DeskWork) -> None:
        [name] = arrive(region, STORY)
        work.answer(name, " satu\r\ndua \r\n", asks=False, by="sari")
        assert work.view(name).answers[0].text == "satu\ndua"

    def test_an_answer_goes_to_the_node_of_its_report_only(self, region: Region, work: DeskWork) -> None:
        arrive(region, STORY)
        there = region.file("di sana", OTHER_VILLAGE)
        region.exchange(OTHER_VILLAGE)
        assert there.envelope_id is not None
        work.answer(there.envelope_id, "Baik.", asks=False, by="sari")
        [waiting] = region.hub.store.outgoing.waiting()
        assert waiting.node_number == region.node(OTHER_VILLAGE).store.identity.enrolment.node_number
