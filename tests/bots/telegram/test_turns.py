"""Two boxes, one bot: never two that poll, and none that stops for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from telegram_stub import TIMEOUT, Bench, StubTelegram, run

from bots.telegram import words
from bots.telegram.turns import ASK_AGAIN_S, MARGIN_S, RENEW_S, LentTurn
from sync.clock import ManualClock
from sync.errors import CarrierError


class Hub:
    """Lends to one of two for 90 seconds, the village first; the hub's own rules are in hub.bot_turns."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.holder: str | None = None
        self.until = 0.0
        self.wanted = False
        self.reached = True
        self.asked: list[str] = []

    def ask(self, who: str, wish: str) -> dict[str, Any]:
        self.asked.append(f"{who} {wish}")
        if not self.reached:
            raise CarrierError("away")
        now = self.clock.monotonic_s()
        if self.until <= now:
            self.holder = None
        if wish == "give-back":
            if self.holder == who:
                self.holder = None
            return {"held": False, "left_s": 0, "polled_ago_s": 0}
        self.wanted = self.wanted or who == "village"
        if self.holder not in (None, who) or (who == "relay" and self.wanted):
            return {"held": False, "left_s": 0, "polled_ago_s": 5}
        self.holder, self.until = who, now + 90
        return {"held": True, "left_s": 90, "polled_ago_s": 5}


def lent(clock: ManualClock, hub: Hub, who: str = "village") -> LentTurn:
    return LentTurn(lambda wish: hub.ask(who, wish), monotonic_s=clock.monotonic_s, wall_s=clock.wall_s)


def test_a_turn_is_renewed_and_stops_before_it_runs_out_where_the_hub_is_away() -> None:
    clock = ManualClock()
    hub = Hub(clock)
    turn = lent(clock, hub)

    async def story() -> None:
        assert await turn.held()
        assert turn.polled_at == clock.wall_s() - 5
        clock.advance(RENEW_S)
        assert await turn.held()
        assert len(hub.asked) == 2
        hub.reached = False
        clock.advance(90 - MARGIN_S - 1)
        assert await turn.held()
        clock.advance(1)
        assert not await turn.held()
        assert hub.until - clock.monotonic_s() == MARGIN_S  # no other box can have it yet
        hub.reached = True
        clock.advance(ASK_AGAIN_S)
        assert await turn.held()

    asyncio.run(story())


def test_the_relay_hands_over_and_people_are_told_which_box_answers(tmp_path: Path) -> None:
    clock, telegram = ManualClock(), StubTelegram()
    hub = Hub(clock)

    def box(who: str) -> Bench:
        return Bench(
            tmp_path / who, telegram=telegram, clock=clock, shared=True, at_hub=who == "relay",
            turn=lent(clock, hub, who),
        )  # fmt: skip

    village, relay = box("village"), box("relay")

    async def story() -> None:
        await village.bot.start()
        telegram.updates = [relay.message(text="/start")]
        await relay.bot.polling.once()
        assert telegram.texts() == [words.HUB_ANSWERS, "Halo, mau apa?"]
        await village.bot.polling.once()
        assert village.bot.status.state == "waiting"
        clock.advance(RENEW_S)
        await relay.bot.polling.once()
        assert relay.bot.status.state == "waiting"
        assert hub.asked[-1] == "relay give-back"
        assert not telegram.updates  # what the relay finished is acknowledged
        village._next_update = relay._next_update
        telegram.updates = [village.message(text="/start")]
        clock.advance(ASK_AGAIN_S)
        await village.bot.polling.once()
        assert telegram.texts()[2:] == [words.VILLAGE_ANSWERS, "Halo, mau apa?"]
        assert village.bot.status.gap is None
        await village.bot.close()

    run(relay, story())


def test_a_bot_that_is_stopped_gives_the_turn_back(tmp_path: Path) -> None:
    clock = ManualClock()
    hub = Hub(clock)
    bench = Bench(tmp_path, clock=clock, shared=True, turn=lent(clock, hub))

    async def story() -> None:
        await bench.bot.polling.once()
        bench.telegram.fail("getUpdates", TIMEOUT)

    run(bench, story())
    assert hub.holder is None
