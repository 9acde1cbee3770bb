"""What a receipt code shows, and how guessing is slowed."""

from __future__ import annotations

import threading

import pytest
from village import NOW_S, Region, answers, reached

from sync.sealing.receipt_code import ReceiptKeys
from village_node.offline import offline_receipt
from village_node.receipts import GUESSES, REFILL_S
from village_node.services import TooManyGuesses, UnknownReceipt
from village_node.wiring import Node

WRONG = "0000000000000000"


def guess(node: Node, times: int) -> None:
    for _ in range(times):
        with pytest.raises(UnknownReceipt):
            node.look_up(WRONG)


def test_a_code_shows_its_own_ladder_only(region: Region) -> None:
    first, second = region.file("satu"), region.file("dua")
    node = region.node()
    region.exchange()
    third = region.file("tiga")
    assert reached(node, first.code) == ["saved", "on_its_way", "received"]
    assert reached(node, second.code) == ["saved", "on_its_way", "received"]
    assert reached(node, third.code) == ["saved"]


def test_ages_run_with_the_clock_and_over_restarts(region: Region) -> None:
    taken = region.file()
    assert taken.code is not None
    region.clock.advance(100)
    assert region.node().look_up(taken.code).ladder[0].age_s == 100
    node = region.restart_node()
    assert node.look_up(taken.code).ladder[0].age_s == 105
    region.clock.jump_wall(-NOW_S)
    node = region.restart_node()
    view = node.look_up(taken.code)
    assert view.ladder[0].reached
    assert view.ladder[0].age_s is None


def test_an_unknown_code_is_unknown(region: Region) -> None:
    region.file()
    with pytest.raises(UnknownReceipt):
        region.node().look_up(WRONG)


class TestGuessing:
    def test_many_wrong_codes_must_wait(self, region: Region) -> None:
        node = region.node()
        guess(node, GUESSES)
        with pytest.raises(TooManyGuesses) as slowed:
            node.look_up(WRONG)
        assert 0 < slowed.value.wait_s <= REFILL_S + 1
        region.clock.advance(slowed.value.wait_s)
        guess(node, 1)
        with pytest.raises(TooManyGuesses):
            node.look_up(WRONG)

    def test_who_waits_for_a_guesser_is_told_so_even_with_the_right_code(self, region: Region) -> None:
        taken = region.file()
        node = region.node()
        guess(node, GUESSES)
        with pytest.raises(TooManyGuesses):
            reached(node, taken.code)
        region.clock.advance(REFILL_S + 1)
        assert reached(node, taken.code) == ["saved"]

    def test_right_codes_cost_no_guess(self, region: Region) -> None:
        taken = region.file()
        for _ in range(2 * GUESSES):
            reached(region.node(), taken.code)

    def test_the_limit_survives_a_restart(self, region: Region) -> None:
        guess(region.node(), GUESSES)
        node = region.restart_node()
        with pytest.raises(TooManyGuesses):
            node.look_up(WRONG)

    def test_a_date_that_is_not_sure_fills_nothing_over_a_restart(self, region: Region) -> None:
        region.create_node()
        region.clock.jump_wall(-NOW_S)
        guess(region.node(), GUESSES)
        region.stop_node()
        region.clock.jump_wall(NOW_S)
        with pytest.raises(TooManyGuesses):
            region.node().look_up(WRONG)

    def test_time_switched_off_counts_where_the_date_is_sure(self, region: Region) -> None:
        guess(region.node(), GUESSES)
        region.stop_node()
        region.clock.advance(10 * REFILL_S)
        guess(region.node(), 10)
        with pytest.raises(TooManyGuesses):
            region.node().look_up(WRONG)

    def test_guesses_at_the_same_moment_are_no_more_guesses(self, region: Region) -> None:
        node = region.node()
        guess(node, GUESSES - 2)
        start = threading.Barrier(12)
        outcomes: list[type[Exception]] = []

        def one() -> None:
            start.wait()
            try:
                node.look_up(WRONG)
            except (UnknownReceipt, TooManyGuesses) as error:
                outcomes.append(type(error))

        threads = [threading.Thread(target=one) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count(UnknownReceipt) == 2
        assert outcomes.count(TooManyGuesses) == 10

    def test_the_command_line_is_slowed_and_let_in_again(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = region.file()
        assert taken.code is not None
        region.stop_node()
        monkeypatch.setattr("village_node.store_wiring.SystemClock", lambda speed: region.clock)
        folder = region.node_folder()
        for _ in range(GUESSES):
            with pytest.raises(LookupError, match="no report"):
                offline_receipt(folder, WRONG)
        with pytest.raises(LookupError, match="wait"):
            offline_receipt(folder, taken.code)
        region.clock.advance(REFILL_S + 1)
        assert offline_receipt(folder, taken.code)["ladder"][0]["reached"] is True


class TestAnswers:
    def ask_and_answer(self, region: Region, text: str = "Kami datang besok.") -> str:
        taken = region.file()
        assert taken.code is not None
        assert taken.envelope_id is not None
        region.exchange()
        region.hub.store.work.answer(taken.envelope_id, text, asks=False, by="sari")
        return taken.code

    def test_the_text_arrives_and_opens_with_the_code_only(self, region: Region) -> None:
        other = region.file("lain")
        code = self.ask_and_answer(region)
        region.settle()
        node = region.node()
        assert answers(node, code) == ["Kami datang besok."]
        assert answers(node, other.code) == []
        for file in region.node_folder().iterdir():
            assert b"Kami datang" not in file.read_bytes()

    def test_the_ladder_climbs_to_its_end(self, region: Region) -> None:
        code = self.ask_and_answer(region)
        [view] = region.hub.store.work.all_reports()
        work = region.hub.store.work
        work.show_report(view.id, by="sari")
        region.settle()
        node = region.node()
        assert reached(node, code) == ["saved", "on_its_way", "received", "read"]
        work.mark_acted_on(view.id, by="sari")
        region.settle()
        assert reached(node, code) == ["saved", "on_its_way", "received", "read", "acted_on"]

    def test_an_answer_sealed_again_after_a_hub_restart_shows_once(self, region: Region) -> None:
        code = self.ask_and_answer(region)
        desk = region.node().desk
        down, _ = region.hub.desk.exchange(desk.up_bundle().data, via="http")
        desk.apply_down_bundle(down)  # it has the answer, and the hub does not know it yet
        region.restart_hub()
        region.settle()
        assert answers(region.node(), code) == ["Kami datang besok."]
        assert region.hub.store.outgoing.waiting() == []

    def test_two_answers_in_the_same_second_both_show(self, region: Region) -> None:
        code = self.ask_and_answer(region, "Satu.")
        [view] = region.hub.store.work.all_reports()
        region.hub.store.work.answer(view.id, "Dua?", asks=True, by="sari")
        region.settle()
        found = region.node().look_up(code).answers
        assert [(a.text, a.asks) for a in found] == [("Satu.", False), ("Dua?", True)]

    def test_an_answer_that_does_not_open_is_left_out(self, region: Region) -> None:
        code = self.ask_and_answer(region)
        region.settle()
        node = region.node()
        node.log.writer.run(lambda: node.store.database.execute_sql("UPDATE answer SET sealed = x'00'"))
        assert answers(node, code) == []
        assert "received" in reached(node, code)

    def test_by_radio_an_answer_of_the_full_length_arrives(self, region: Region) -> None:
        taken = region.file()
        region.talk_by_radio(for_s=300)
        text = "Tetap di rumah, jangan ikut. " * 34
        assert taken.envelope_id is not None
        region.hub.store.work.answer(taken.envelope_id, text, asks=False, by="sari")
        region.talk_by_radio(for_s=1800)
        assert answers(region.node(), taken.code) == [text.strip()]
        assert region.hub.store.outgoing.waiting() == []


def test_four_pictures_show_the_ladder_and_never_a_text(region: Region) -> None:
    taken = region.file()
    node = region.node()
    region.exchange()
    assert taken.envelope_id is not None
    region.hub.store.work.answer(taken.envelope_id, "Jawaban", asks=False, by="sari")
    region.exchange()
    assert answers(node, taken.code) == ["Jawaban"]
    view = node.look_up_pictures(taken.pictures)
    assert [step.name for step in view.ladder if step.reached][:3] == ["saved", "on_its_way", "received"]
    assert view.answers == ()
    other = tuple((picture + 1) % 16 for picture in taken.pictures)
    with pytest.raises(UnknownReceipt):
        node.look_up_pictures(other)
    node = region.restart_node()
    assert node.look_up_pictures(taken.pictures).ladder[0].reached


def test_pictures_that_two_receipts_share_open_neither(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReceiptKeys, "pictures", (1, 2, 3, 4))
    region.file("satu")
    node = region.node()
    assert node.look_up_pictures((1, 2, 3, 4)).ladder[0].reached
    region.file("dua")
    with pytest.raises(UnknownReceipt):
        node.look_up_pictures((1, 2, 3, 4))


def test_guessing_pictures_is_slowed_with_guessing_codes(region: Region) -> None:
    node = region.node()
    for _ in range(GUESSES):
        with pytest.raises(UnknownReceipt):
            node.look_up_pictures((0, 0, 0, 0))
    with pytest.raises(TooManyGuesses):
        node.look_up(WRONG)
