"""Two boxes, one bot: never two that poll, and none that stops for ever."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram_stub import TIMEOUT, Bench, StubTelegram, run

from bots.telegram import words
from bots.telegram.posting import NotNow
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


def test_what_comes_after_the_turn_ran_out_is_left_to_the_other_box(tmp_path: Path) -> None:
    clock = ManualClock()
    hub = Hub(clock)
    bench = Bench(tmp_path, clock=clock, shared=True, turn=lent(clock, hub))

    async def story() -> None:
        bench.telegram.updates = [bench.message(text="/start")]
        answer = bench.telegram.do_request

        async def slow(url: str, *rest: Any, **more: Any) -> tuple[int, bytes]:
            if url.endswith("/getUpdates"):
                clock.advance(95)  # the network held the request for longer than the turn
                hub.reached = False
            return await answer(url, *rest, **more)

        bench.telegram.do_request = slow  # type: ignore[method-assign]
        await bench.bot.polling.once()

    run(bench, story())
    assert bench.telegram.texts() == []


def test_a_press_that_another_box_may_have_fulfilled_is_not_said_to_be_lost(tmp_path: Path) -> None:
    bench = Bench(tmp_path, shared=True)
    run(bench, bench.up_to_send())
    other = bench.restarted()
    (tmp_path / "telegram.db").unlink()
    run(other, other.take(other.press("kirim")))
    assert words.RESTARTED not in other.telegram.texts()
    assert words.OTHER_BEFORE in other.telegram.texts()


def test_a_webhook_serves_only_while_the_turn_is_ours(tmp_path: Path) -> None:
    clock = ManualClock()
    hub = Hub(clock)
    bench = Bench(
        tmp_path, clock=clock, shared=True, turn=lent(clock, hub, "relay"),
        webhook=("https://bot.example", ("127.0.0.1", 0)),
    )  # fmt: skip
    asked: list[str] = []

    async def story() -> None:
        served = asyncio.create_task(bench.bot.serve(lambda url: None))
        while "setWebhook" not in [method for method, _ in bench.telegram.sent]:
            await asyncio.sleep(0)
        hub.wanted = True  # the village is back
        while bench.bot.status.state != "waiting":
            await asyncio.sleep(0)
        asked.extend(method for method, _ in bench.telegram.sent)
        hook = bench.bot.hook
        assert hook is not None
        update = Update.de_json(bench.message(text="/start"), bench.bot.bot)
        with pytest.raises(NotNow):
            await hook._one(update)
        served.cancel()
        with suppress(asyncio.CancelledError):
            await served

    run(bench, story())
    assert asked[-1] == "deleteWebhook"
    assert "relay give-back" in hub.asked
    assert bench.telegram.texts() == []


def test_a_day_on_which_nobody_wrote_is_no_outage_of_a_webhook(tmp_path: Path) -> None:
    bench = Bench(tmp_path, webhook=("https://bot.example", ("127.0.0.1", 0)))

    async def an_hour(_seconds: float) -> None:
        bench.clock.advance(3600)
        await asyncio.sleep(0)

    async def story() -> None:
        bench.bot._sleep = an_hour
        served = asyncio.create_task(bench.bot.serve(lambda url: None))
        begun = bench.clock.monotonic_s()
        while bench.clock.monotonic_s() < begun + 25 * 3600:
            await asyncio.sleep(0)
        served.cancel()
        with suppress(asyncio.CancelledError):
            await served
        await bench.bot.outages.polled()

    run(bench, story())
    assert bench.bot.status.gap is None


def test_a_box_that_gets_the_turn_takes_a_webhook_away(tmp_path: Path) -> None:
    """The other box may have died while it had one: then Telegram answers no poll."""
    clock = ManualClock()
    hub = Hub(clock)
    bench = Bench(tmp_path, clock=clock, shared=True, turn=lent(clock, hub))

    async def story() -> None:
        await bench.bot.polling.once()

    run(bench, story())
    methods = [method for method, _ in bench.telegram.sent]
    assert methods.index("deleteWebhook") < methods.index("getUpdates")


def test_a_bot_that_is_stopped_gives_the_turn_back(tmp_path: Path) -> None:
    clock = ManualClock()
    hub = Hub(clock)
    bench = Bench(tmp_path, clock=clock, shared=True, turn=lent(clock, hub))

    async def story() -> None:
        await bench.bot.polling.once()
        bench.telegram.fail("getUpdates", TIMEOUT)

    run(bench, story())
    assert hub.holder is None
