"""Long polling over python-telegram-bot: acknowledgements, and everything that Telegram may answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram.error import NetworkError
from telegram_stub import STORY, TIMEOUT, Bench, error, run

from bots.telegram import words
from bots.telegram.polling import CONFLICT_S, FIRST_PAUSE_S, QUICK_S, Revoked


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def polls(bench: Bench) -> list[int | None]:
    return [said.get("offset") for method, said in bench.telegram.sent if method == "getUpdates"]


class TestAcknowledging:
    def test_telegram_is_told_only_what_was_finished(self, bench: Bench) -> None:
        async def story() -> None:
            first, second = bench.message(text="/start"), bench.message(text="dua")
            bench.telegram.updates = [first, second]
            bench.telegram.fail("sendMessage", TIMEOUT, TIMEOUT, TIMEOUT)
            assert await bench.bot.polling.once() == FIRST_PAUSE_S
            assert await bench.bot.polling.once() == 0
            await bench.bot.polling.once()

        run(bench, story())
        assert polls(bench) == [None, 501, 503, 503]  # the last one at the end, so that nobody asks again
        assert bench.telegram.texts()[3:] == ["Halo, mau apa?"] * 2

    def test_what_was_finished_and_not_acknowledged_is_not_done_again(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            bench.telegram.updates = [bench.press("kirim")]
            await bench.bot.polling.once()
            bench.telegram.fail("getUpdates", TIMEOUT)  # of the acknowledgement: as after a crash

        run(bench, story())
        again = bench.restarted()
        run(again, _once(again))
        assert len(bench.desk.reports) == len(bench.desk.tokens) == 1
        assert again.bot.status.counts["repeated"] == 1

    def test_one_chat_waits_for_no_other(self, bench: Bench) -> None:
        async def story() -> None:
            slow = bench.message(chat={"id": 5, "type": "private"}, text="/start")
            bench.telegram.updates = [slow, bench.message(text="/start")]
            for chat in (5,):
                await bench.bot.chats.of(chat, 0).lock.acquire()
            going = asyncio.create_task(bench.bot.polling.once())
            while not bench.telegram.texts():
                await asyncio.sleep(0)
            bench.bot.chats.of(5, 0).lock.release()
            await going

        run(bench, story())
        assert len(bench.telegram.texts()) == 2

    def test_an_update_that_cannot_be_read_is_passed_over(self, bench: Bench) -> None:
        async def story() -> None:
            damaged = bench.update(message={"message_id": 1, "text": STORY})
            bench.telegram.updates = [bench.message(text="/start"), damaged, bench.message(text="dua")]
            for _ in range(3):
                await bench.bot.polling.once()

        run(bench, story())
        assert bench.telegram.texts() == ["Halo, mau apa?"] * 2
        assert bench.bot.status.counts["unreadable"] == 1


async def _once(bench: Bench) -> None:
    await bench.bot.polling.once()


class TestAnswersOfTelegram:
    @pytest.mark.parametrize(
        ("answer", "state", "wait_s"),
        [
            (error(429, "Too Many Requests: retry after 17", retry_after=17), "slowed", 17),
            (error(502, "Bad Gateway"), "offline", FIRST_PAUSE_S),
            (error(409, "Conflict: terminated by other getUpdates request"), "conflict", CONFLICT_S),
            (TIMEOUT, "offline", FIRST_PAUSE_S),
            (NetworkError("https://api.telegram.org/bot123:secret"), "offline", FIRST_PAUSE_S),
            ((200, b"<html>log in</html>"), "offline", FIRST_PAUSE_S),
        ],
        ids=["429", "5xx", "409", "timeout", "network", "portal"],
    )
    def test_it_waits_and_shows_why(self, bench: Bench, answer, state: str, wait_s: float) -> None:  # type: ignore[no-untyped-def]
        async def story() -> None:
            bench.telegram.fail("getUpdates", answer)
            assert await bench.bot.polling.once() == wait_s
            assert bench.bot.status.state == state
            assert await bench.bot.polling.once() == QUICK_S
            assert bench.bot.status.state == "polling"

        run(bench, story())

    def test_a_revoked_token_ends_it(self, bench: Bench) -> None:
        async def story() -> None:
            bench.telegram.fail("getUpdates", error(401, "Unauthorized"))
            with pytest.raises(Revoked):
                await bench.bot.polling.run()

        run(bench, story())
        assert bench.bot.status.shown()["state"] == "revoked"

    def test_a_token_that_was_revoked_before_the_start_ends_it(self, bench: Bench) -> None:
        bench.telegram.fail("getMe", error(401, "Unauthorized"))
        with pytest.raises(Revoked):
            run(bench, _once(bench))

    def test_it_greets_telegram_until_it_is_reached(self, bench: Bench) -> None:
        bench.telegram.fail("getMe", TIMEOUT, error(502, "Bad Gateway"))
        run(bench, bench.say("/start"))
        assert bench.slept == [2.0, 4.0]
        assert bench.telegram.texts() == ["Halo, mau apa?"]

    def test_a_429_to_an_answer_is_waited_for_and_the_answer_is_sent(self, bench: Bench) -> None:
        bench.telegram.fail("sendMessage", error(429, "Too Many Requests", retry_after=1))
        run(bench, bench.say("/start"))
        assert len(bench.telegram.texts()) == 2
        assert bench.bot.status.counts["too_many_requests"] == 1
        assert bench.slept == []


class TestOutage:
    def test_a_disk_that_keeps_no_time_stops_no_bot(self, bench: Bench) -> None:
        async def story() -> None:
            async def full(**_: float) -> None:
                raise OSError(28, "No space left on device")

            bench.bot.journal.keep = full  # type: ignore[method-assign]
            bench.telegram.updates = [bench.message(text="/start")]
            await bench.bot.polling.once()

        run(bench, story())
        assert bench.telegram.texts() == ["Halo, mau apa?"]

    def test_after_more_than_a_day_people_are_told_that_messages_may_be_lost(self, bench: Bench) -> None:
        run(bench, _once(bench))
        bench.clock.advance(30 * 3600)
        again = bench.restarted()

        async def story() -> None:
            await again.bot.outages.ask_pending(again.bot.bot)
            again.telegram.updates = [again.message(text="/start")]
            await again.bot.polling.once()

        run(again, story())
        told = bench.telegram.texts()[0]
        assert told.startswith(words.AWAY_LONG.split("%")[0])
        assert again.bot.status.shown()["pending"] == 0
        assert again.bot.status.gap is not None

        third = bench.restarted()  # the outage is known to the next process too
        run(third, third.say("/start"))
        assert bench.telegram.texts()[-2].startswith(words.AWAY_LONG.split("%")[0])

    def test_after_a_night_nobody_is_told_anything(self, bench: Bench) -> None:
        run(bench, _once(bench))
        bench.clock.advance(12 * 3600)
        again = bench.restarted()
        run(again, _once(again))
        assert again.bot.status.gap is None

    def test_a_box_that_another_stood_in_for_was_not_away(self, bench: Bench) -> None:
        run(bench, _once(bench))
        bench.clock.advance(60 * 3600)
        again = bench.restarted()
        run(again, again.bot.outages.polled(bench.clock.wall_s() - 60))
        assert again.bot.status.gap is None
