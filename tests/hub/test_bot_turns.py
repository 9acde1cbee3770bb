"""One box at a time serves a village's bot, and the village goes first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from village import STORY, VILLAGE, Region, reached, report

from hub.bot_turns import CHALLENGE_S, LENT_S, QUIET_S, BotTurns, Turn, after
from hub.enrolling import EnrolFailed, enrol
from hub.models import Node, Setting
from hub.relay_boxes import box_of, relay_of
from sync.carriers.https import BOT_TURN_PATH
from sync.sealing.bot_turn import (
    NO_CHALLENGE,
    TurnAnswer,
    TurnQuestion,
    TurnWish,
    decode_answer,
    encode_question,
)
from sync.sealing.enrolment import Enrolment
from village_node import folder as node_folder
from village_node.services import UnknownReceipt

BOX, RELAY = 1, 2


class Office:
    """The rules with a clock, and who polls."""

    def __init__(self) -> None:
        self.turn, self.now = Turn(), 1_800_000_000.0

    def asks(self, node: int, wish: TurnWish = TurnWish.HOLD) -> bool:
        question = TurnQuestion(node, wish, b"n" * 16)
        self.turn, answer = after(self.turn, question, relay=node == RELAY, now=self.now)
        return answer.held


class TestRules:
    def test_while_one_box_has_the_turn_no_other_gets_it(self) -> None:
        office = Office()
        assert office.asks(BOX)
        assert not office.asks(RELAY)
        office.now += LENT_S - 1
        assert office.asks(BOX)

    def test_the_relay_gets_it_when_the_village_has_long_been_silent(self) -> None:
        office = Office()
        office.asks(BOX)
        office.now += QUIET_S - 1
        assert not office.asks(RELAY)
        office.now += 1
        assert office.asks(RELAY)

    def test_the_village_that_is_back_takes_over(self) -> None:
        office = Office()
        assert office.asks(RELAY)
        office.now += 10
        assert not office.asks(BOX)  # the relay may still be asking Telegram
        office.now += 20
        assert not office.asks(RELAY)  # at its next renewal
        assert not office.asks(BOX)
        office.asks(RELAY, TurnWish.GIVE_BACK)
        assert office.asks(BOX)

    def test_a_relay_that_died_holds_nothing_up(self) -> None:
        office = Office()
        assert office.asks(RELAY)
        assert not office.asks(BOX)
        office.now += LENT_S
        assert office.asks(BOX)

    @pytest.mark.parametrize("holder", [BOX, RELAY])
    def test_a_hub_whose_clock_is_put_back_keeps_no_box_away_for_long(self, holder: int) -> None:
        office = Office()
        office.now += 10 * 365 * 86_400  # it began with a wrong date
        assert office.asks(holder)
        office.now -= 10 * 365 * 86_400
        other = RELAY if holder == BOX else BOX
        assert not office.asks(other)  # who has it may still be asking Telegram
        office.now += LENT_S
        assert office.asks(other) or other == RELAY
        office.now += QUIET_S
        assert office.asks(other)

    def test_nobody_gives_back_what_another_has(self) -> None:
        office = Office()
        assert office.asks(BOX)
        office.asks(RELAY, TurnWish.GIVE_BACK)
        assert office.turn.holder == BOX


def relay(region: Region, *, replace: bool = False) -> int:
    return relay_enrolment(region, replace=replace).node_number


def relay_enrolment(region: Region, *, replace: bool = False) -> Enrolment:
    store = region.hub.store
    return enrol(
        store.database,
        store.writer,
        store.identity,
        village=VILLAGE,
        village_name="Pringgarata",
        hub_url=None,
        now_s=region.clock.wall_s(),
        replace=replace,
        relay=True,
    )


class TestRelayBox:
    def test_it_stands_beside_the_box_of_the_village(self, region: Region) -> None:
        with pytest.raises(EnrolFailed, match="has no box"):
            relay(region)
        region.create_node()
        number = relay(region)
        db = region.hub.store.database
        assert (box_of(db, VILLAGE), relay_of(db, VILLAGE)) == (1, number)
        with pytest.raises(EnrolFailed, match="a relay box already"):
            relay(region)
        newer = relay(region, replace=True)
        retired = {int(row.number) for row in Node.select().where(Node.retired).execute(db)}
        assert retired == {number}
        assert (box_of(db, VILLAGE), relay_of(db, VILLAGE)) == (1, newer)

    def test_a_new_box_of_the_village_leaves_it_alone(self, region: Region) -> None:
        region.create_node()
        number = relay(region)
        store = region.hub.store
        with pytest.raises(EnrolFailed, match="a node already"):
            region.enrolment()
        made = enrol(
            store.database, store.writer, store.identity, village=VILLAGE, village_name="P", hub_url=None,
            now_s=region.clock.wall_s(), replace=True,
        )  # fmt: skip
        assert box_of(store.database, VILLAGE) == made.node_number
        assert relay_of(store.database, VILLAGE) == number
        assert region.hub.store.pins.node_of(VILLAGE) == made.node_number

    def test_a_report_that_it_takes_is_the_villages_and_its_code_opens_there_alone(
        self, region: Region
    ) -> None:
        box = region.node()
        folder = region.path / "relay"
        node_folder.create(folder, relay_enrolment(region).to_text())
        stands_in = region.start(folder)
        try:
            taken = stands_in.take_report(report(STORY, channel="telegram", urgency="now"), form_token=None)
            for _ in range(3):
                down, _imported = region.hub.desk.exchange(stands_in.desk.up_bundle().data, via="http")
                stands_in.desk.apply_down_bundle(down)
            assert taken.code is not None
            assert "received" in reached(stands_in, taken.code)
            with pytest.raises(UnknownReceipt):
                box.receipts.look_up(taken.code)
        finally:
            stands_in.close()
        (view,) = region.hub.store.work.all_reports()
        assert (view.village, view.report.narrative) == (VILLAGE, STORY)
        assert stands_in.store.identity.enrolment.psk != box.store.identity.enrolment.psk


class Recorder:
    """A box that asks, and somebody who keeps what it sent."""

    def __init__(self, region: Region) -> None:
        self.psk = region.node().store.identity.enrolment.psk
        self.region = region
        self.turns = BotTurns(region.hub.store.database, region.hub.store.writer)
        self.sent: list[bytes] = []
        self.challenge = NO_CHALLENGE

    def sends(self, question: bytes) -> TurnAnswer:
        answer = self.turns.ask(question, self.region.clock.wall_s())
        return decode_answer(answer, b"n" * 16, self.psk)

    def asks(self, wish: TurnWish = TurnWish.HOLD) -> TurnAnswer:
        self.sent.append(encode_question(TurnQuestion(1, wish, b"n" * 16, self.challenge), self.psk))
        answer = self.sends(self.sent[-1])
        self.challenge = answer.challenge
        return answer


class TestRecorded:
    def test_a_recorded_question_takes_no_turn_and_gives_none_back(self, region: Region) -> None:
        box = Recorder(region)
        assert box.asks().again  # it knows no challenge yet, and nothing was done
        assert box.turns.of(VILLAGE) == Turn()
        assert box.asks().held
        box.asks(TurnWish.GIVE_BACK)
        for question in box.sent:
            assert box.sends(question).again
        assert box.turns.of(VILLAGE).holder is None
        assert box.asks().held  # nor does a recording keep the box itself out
        before = box.turns.of(VILLAGE)
        for question in box.sent:
            assert box.sends(question).again
        assert box.turns.of(VILLAGE) == before

    def test_a_question_that_was_held_back_is_too_late(self, region: Region) -> None:
        box = Recorder(region)
        box.asks()
        held_back = encode_question(TurnQuestion(1, TurnWish.HOLD, b"n" * 16, box.challenge), box.psk)
        region.clock.advance(CHALLENGE_S)
        assert box.sends(held_back).again
        assert box.turns.of(VILLAGE) == Turn()

    def test_a_restored_hub_takes_no_recording(self, region: Region) -> None:
        box = Recorder(region)
        box.asks()
        db = region.hub.store.database
        row = Setting.select().where(Setting.key == "bot-turn-challenge:1").get(db)
        assert box.asks().held
        region.clock.advance(CHALLENGE_S)
        Setting.update(value=row.value).where(Setting.key == row.key).execute(db)
        assert all(box.sends(question).again for question in box.sent)


class TestOverHttp:
    @pytest.fixture
    def client(self, region: Region) -> FlaskClient:
        return region.hub.create_app().test_client()

    def test_a_node_asks_and_the_answer_is_for_it_alone(self, region: Region, client: FlaskClient) -> None:
        psk = region.node().store.identity.enrolment.psk
        first = TurnQuestion(1, TurnWish.HOLD, b"n" * 16)
        told = decode_answer(
            client.post(BOT_TURN_PATH, data=encode_question(first, psk)).data, b"n" * 16, psk
        )
        assert told.again
        question = encode_question(replace(first, challenge=told.challenge), psk)
        response = client.post(BOT_TURN_PATH, data=question)
        assert response.status_code == 200
        assert decode_answer(response.data, b"n" * 16, psk).held
        turns = BotTurns(region.hub.store.database, region.hub.store.writer)
        assert turns.of(VILLAGE).holder == 1

    @pytest.mark.parametrize("node", [1, 99])
    def test_whoever_has_no_key_is_refused(self, region: Region, client: FlaskClient, node: int) -> None:
        region.node()
        question = encode_question(TurnQuestion(node, TurnWish.HOLD, b"n" * 16), b"x" * 32)
        response = client.post(BOT_TURN_PATH, data=question)
        assert response.status_code == 403
        assert BotTurns(region.hub.store.database, region.hub.store.writer).of(VILLAGE) == Turn()

    def test_nonsense_is_400(self, client: FlaskClient) -> None:
        assert client.post(BOT_TURN_PATH, data=b"hello").status_code == 400
