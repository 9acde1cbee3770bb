"""One update from beginning to end, through python-telegram-bot's own Application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram_stub import CHAT, NAME, PASS, STORY, TIMEOUT, Bench, error, run

from bots.dialogue.contract import KeptBy, Taken
from bots.telegram import words
from bots.telegram.chats import BURST, FORGET_MESSAGES_S, FORGET_S
from bots.telegram.posting import NotNow
from bots.telegram.rim import MOST_TRIES
from bots.telegram.saying import DELETE_CODE


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


class TestReport:
    def test_from_the_first_message_to_the_receipt(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            await bench.take(bench.press("kirim"))

        run(bench, story())
        assert [r["narrative"] for r in bench.desk.reports.values()] == [STORY]
        assert bench.telegram.texts()[-1] == "Disimpan. Kode: 0000000000000001"
        assert bench.telegram.texts()[1] == "Tulis *ceritanya*."  # as it stands: no marks are read
        assert all("parse_mode" not in said for _, said in bench.telegram.sent)

    def test_a_pressed_button_is_shown_and_cannot_be_pressed_again(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            press = bench.press("kirim")
            await bench.take(press)
            again = {**press, "update_id": press["update_id"] + 50}
            await bench.take(again)

        run(bench, story())
        edited = [said for method, said in bench.telegram.sent if method == "editMessageText"]
        assert edited[-1]["text"].endswith("» Kirim")
        assert "reply_markup" not in edited[-1]
        assert len(bench.desk.reports) == 1
        assert bench.telegram.texts()[-1] == words.OLD_BUTTON

    def test_a_box_that_was_away_takes_the_report_once(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            bench.desk.away = True
            await bench.take(bench.press("kirim"))
            bench.desk.away = False
            bench.bot.chats.of(CHAT, 0).live.add(bench.telegram.last_id)
            await bench.take(bench.press("kirim"))

        run(bench, story())
        assert len(bench.desk.reports) == 1


class TestTwice:
    def test_an_update_that_comes_twice_is_taken_once(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            press = bench.press("kirim")
            await bench.take(press, press)

        run(bench, story())
        assert len(bench.desk.tokens) == 1
        assert bench.bot.status.counts["repeated"] == 1

    def test_after_a_crash_the_report_is_neither_lost_nor_doubled(self, bench: Bench) -> None:
        presses: list[dict[str, Any]] = []

        async def story() -> None:
            await bench.up_to_send()
            presses.append(bench.press("kirim"))
            bench.desk.dies = True
            await bench.take(presses[0])

        with pytest.raises(KeyboardInterrupt):
            run(bench, story())
        bench.desk.dies = False
        again = bench.restarted()
        run(again, again.take(presses[0]))
        assert len(bench.desk.reports) == 1
        assert "Kode tanda terima: 0000000000000001" in "".join(bench.telegram.texts())
        assert again.bot.status.counts["interrupted"] == 1

    def test_a_box_that_begins_after_the_bot_is_waited_for(self, bench: Bench) -> None:
        presses: list[dict[str, Any]] = []

        async def story() -> None:
            await bench.up_to_send()
            presses.append(bench.press("kirim"))
            bench.desk.dies = True
            await bench.take(presses[0])

        with pytest.raises(KeyboardInterrupt):
            run(bench, story())
        bench.desk.dies, bench.desk.away = False, True
        again = bench.restarted()

        async def on() -> None:
            with pytest.raises(NotNow):
                await again.take(presses[0])
            bench.desk.away = False
            await again.take(presses[0])
            bench.desk.away = True
            await again.bot.journal.begin(9000)
            for _ in range(MOST_TRIES):
                with pytest.raises(NotNow):
                    await again.take({**presses[0], "update_id": 9000})
            await again.take({**presses[0], "update_id": 9000})

        run(again, on())
        assert len(bench.desk.reports) == 1
        assert "Kode tanda terima: 0000000000000001" in "".join(bench.telegram.texts())
        assert bench.telegram.texts()[-1] == words.INTERRUPTED_UNKNOWN

    def test_after_a_crash_before_anything_was_kept_the_person_is_told(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            await bench.bot.journal.begin(9000)

        run(bench, story())
        again = bench.restarted()
        press = {**again.press("kirim"), "update_id": 9000}
        run(again, again.take(press))
        assert not bench.desk.reports
        assert bench.telegram.texts()[-1] == words.INTERRUPTED

    def test_after_a_crash_a_withdrawal_is_not_told_as_a_report(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The box knows a token of an addition or a withdrawal, and no code for it.
        monkeypatch.setattr(bench.desk, "taken", lambda _: Taken(None, KeptBy.VILLAGE))

        async def story() -> None:
            await bench.bot.journal.begin(9000)
            await bench.take({**bench.message(text="x"), "update_id": 9000})

        run(bench, story())
        told = bench.telegram.texts()[0]
        assert "Yang terakhir Anda kirim SUDAH tersimpan" in told
        assert "Laporan Anda" not in told

    def test_a_receipt_that_cannot_be_told_now_is_told_when_the_update_comes_again(
        self, bench: Bench
    ) -> None:
        async def story() -> None:
            await bench.up_to_send()
            press = bench.press("kirim")
            bench.telegram.fail("sendMessage", TIMEOUT, TIMEOUT, TIMEOUT)
            with pytest.raises(NotNow):
                await bench.take(press)
            await bench.take(press)

        run(bench, story())
        assert len(bench.desk.tokens) == 1
        assert bench.telegram.texts()[-1] == "Disimpan. Kode: 0000000000000001"
        assert bench.bot.status.counts["timeouts"] == 3

    def test_a_disk_that_takes_no_note_makes_nobody_hear_it_twice(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            press = bench.press("kirim")
            finish, full = bench.bot.journal.finish, [True, True]

            async def finishing(update_id: int) -> None:
                if full:
                    full.pop()
                    raise OSError(28, "No space left on device")
                await finish(update_id)

            bench.bot.journal.finish = finishing  # type: ignore[method-assign]
            for _ in range(2):
                with pytest.raises(NotNow):
                    await bench.take(press)
            await bench.take(press)

        run(bench, story())
        assert bench.telegram.texts()[-1] == "Disimpan. Kode: 0000000000000001"
        assert len(bench.telegram.texts()) == 4

    def test_a_long_reply_goes_on_where_it_broke_off(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send("a" * 4000 + " " + "b" * 4000)
            said = bench.message(text="c" * 4000 + " " + "d" * 4000)
            # The first piece of the answer goes, the second does not.
            bench.telegram.fail("sendMessage", *[PASS, TIMEOUT, TIMEOUT, TIMEOUT])
            with pytest.raises(NotNow):
                await bench.take(said)
            bench.telegram.sent.clear()
            await bench.take(said)

        run(bench, story())
        assert not any("c" in text for text in bench.telegram.texts())

    def test_after_a_fault_what_was_kept_is_not_said_to_be_lost(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            bench.desk.breaks = True
            await bench.take(bench.press("kirim"))

        run(bench, story())
        assert len(bench.desk.reports) == 1
        assert words.FAULT not in bench.telegram.texts()
        assert "Kode tanda terima: 0000000000000001" in "".join(bench.telegram.texts())

    def test_after_a_restart_the_conversation_is_said_to_be_forgotten(self, bench: Bench) -> None:
        run(bench, bench.up_to_send())
        again = bench.restarted()
        run(again, again.take(again.press("kirim")))
        assert not bench.desk.reports
        assert bench.telegram.texts()[-2:] == [words.RESTARTED, "Halo, mau apa?"]


class TestForgetting:
    def test_a_conversation_is_forgotten_after_a_time_and_that_is_said(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            bench.clock.advance(FORGET_S)
            await bench.take(bench.press("kirim"))

        run(bench, story())
        assert not bench.desk.reports
        assert bench.telegram.texts()[-2:] == [words.FORGOTTEN, "Halo, mau apa?"]

    def test_what_was_told_is_forgotten_though_nobody_comes_back(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            bench.clock.advance(FORGET_S)
            await bench.bot.polling.once()
            (chat,) = bench.bot.chats._chats.values()
            assert chat.state.held is None
            await bench.say("halo")

        run(bench, story())
        assert bench.telegram.texts()[-2:] == [words.FORGOTTEN, "Halo, mau apa?"]

    def test_the_button_that_deletes_a_code_brings_no_forgotten_report_back(self, bench: Bench) -> None:
        bench.telegram.files = {"foto": b"x"}

        async def story() -> None:
            await bench.up_to_send()
            size = {"file_id": "foto", "file_unique_id": "b", "width": 640, "height": 480}
            await bench.take(bench.message(photo=[size]))
            ask = bench.press("kirim")
            bench.clock.advance(FORGET_S)
            await bench.take(bench.press(DELETE_CODE))
            await bench.take({**ask, "update_id": bench.update()["update_id"]})

        run(bench, story())
        assert not bench.desk.reports  # its photo is gone: it would have gone without

    def test_after_two_days_nothing_is_known_of_a_chat(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.say("/start")
            bench.clock.advance(FORGET_MESSAGES_S)
            bench.bot.chats.forget(bench.clock.monotonic_s())

        run(bench, story())
        assert len(bench.bot.chats) == 0

    def test_on_request_the_messages_of_both_are_deleted(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.say("/start", "apa saja", "hapus")

        run(bench, story())
        assert bench.telegram.deleted == [2, 3, 4, 1001, 1002]
        assert bench.telegram.texts()[-2:] == [words.DELETED, words.DELETE_YOURSELF]

    def test_messages_from_before_a_restart_are_not_said_to_be_deleted(self, bench: Bench) -> None:
        run(bench, bench.up_to_send())
        again = bench.restarted()
        run(again, again.say("hapus"))
        assert again.telegram.texts()[-1] == words.DELETE_YOURSELF

    def test_what_cannot_be_deleted_is_said(self, bench: Bench) -> None:
        async def story() -> None:
            bench.telegram.fail("deleteMessages", error(400, "Bad Request: message can't be deleted"))
            bench.telegram.fail("deleteMessage", error(400, "Bad Request: message can't be deleted"))
            await bench.say("/start", "hapus")

        run(bench, story())
        assert bench.telegram.texts()[-2:] == [words.FORGOTTEN_ALL, words.DELETE_YOURSELF]

    def test_a_receipt_code_can_be_deleted_by_its_button(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.up_to_send()
            await bench.take(bench.press("kirim"))
            assert DELETE_CODE in str(bench.telegram.sent[-1][1]["reply_markup"])
            await bench.take(bench.press(DELETE_CODE))

        run(bench, story())
        assert bench.telegram.deleted == [bench.telegram.last_id]


class TestOddThings:
    def test_a_flood_is_answered_once_and_then_not_read(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.say(*["beli sekarang"] * (BURST + 20))

        run(bench, story())
        assert bench.telegram.texts().count(words.FLOOD) == 1
        assert len(bench.telegram.texts()) == BURST + 2
        assert bench.bot.status.counts["flood"] == 20

    def test_each_message_that_is_not_read_is_said_to_whoever_waited(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.say(*["beli sekarang"] * (BURST + 1))
            bench.clock.advance(3)
            await bench.say("ada calo", "namanya Pak Kumis")  # the first is read, the second is not

        run(bench, story())
        assert bench.telegram.texts()[-2:] == ["Halo, mau apa?", words.FLOOD]

    @pytest.mark.parametrize("kind", ["group", "supergroup"])
    def test_a_group_is_left_and_hears_nothing(self, bench: Bench, kind: str) -> None:
        group = {"id": -100123, "type": kind, "title": "Warga"}
        run(bench, bench.take(bench.message(chat=group, text="/start")))
        assert [m for m, _ in bench.telegram.sent if m != "getMe"] == ["leaveChat"]

    @pytest.mark.parametrize(
        "what",
        [
            {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                      "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                      "allows_revoting": False, "members_only": False}},
            {"inline_query": {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "A"}, "query": "x",
                              "offset": ""}},
            {"something_new_of_2031": {"id": 1}},
        ],
        ids=["poll", "inline query", "unknown"],
    )  # fmt: skip
    def test_updates_of_other_types_are_passed_over(self, bench: Bench, what: dict[str, Any]) -> None:
        run(bench, bench.take(bench.update(**what)))
        assert not bench.telegram.texts()
        assert bench.bot.status.counts["passed_over"] == 1

    def test_an_edited_message_is_not_read_and_that_is_said(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.say("/start")
            told = bench.message(text="x")
            await bench.take(bench.update(edited_message=told["message"]))

        run(bench, story())
        assert bench.telegram.texts()[-1] == words.EDITED

    def test_a_live_position_counts_once(self, bench: Bench) -> None:
        async def story() -> None:
            await bench.say("/start")
            place = {"latitude": -8.5833, "longitude": 116.1167, "live_period": 900}
            first = bench.message(location=place)
            await bench.take(first)
            await bench.take(bench.update(edited_message=first["message"]))

        run(bench, story())
        assert bench.telegram.texts()[1:] == ["posisi -858330 11611670", words.LIVE]

    @pytest.mark.parametrize(
        "origin",
        [
            {"type": "hidden_user", "date": 1, "sender_user_name": "Orang"},
            {"type": "user", "date": 1, "sender_user": {"id": CHAT, "is_bot": False, "first_name": NAME}},
        ],
    )
    @pytest.mark.parametrize("is_venue", [False, True])
    def test_a_forwarded_position_is_not_taken_for_the_senders(
        self, bench: Bench, origin: dict[str, Any], is_venue: bool
    ) -> None:
        place = {"latitude": -8.5833, "longitude": 116.1167}
        venue = {"venue": {"location": place, "title": "Warung Melati", "address": ""}} if is_venue else {}

        async def story() -> None:
            await bench.say("/start")
            await bench.take(bench.message(location=place, forward_origin=origin, **venue))

        run(bench, story())
        assert bench.telegram.texts()[1:] == [words.FORWARDED_PLACE]

    def test_a_place_picked_on_the_map_is_told_from_where_somebody_is(self, bench: Bench) -> None:
        place = {"latitude": -8.5833, "longitude": 116.1167}

        async def story() -> None:
            await bench.say("/start")
            venue = {"location": place, "title": "Warung Melati", "address": "Jalan Contoh 1"}
            await bench.take(bench.message(location=place, venue=venue))

        run(bench, story())
        assert bench.telegram.texts()[1:] == ["posisi -858330 11611670 Warung Melati, Jalan Contoh 1"]

    def test_a_fault_of_a_dialogue_is_said_and_nothing_of_it_is_logged(
        self, bench: Bench, caplog: pytest.LogCaptureFixture
    ) -> None:
        run(bench, bench.say("/start", "salah"))
        assert bench.telegram.texts()[-1] == words.FAULT
        assert [record.getMessage() for record in caplog.records] == ["fault in a conversation: ValueError"]

    def test_who_has_stopped_the_bot_is_forgotten(self, bench: Bench) -> None:
        bench.telegram.fail("sendMessage", error(403, "Forbidden: bot was blocked by the user"))
        run(bench, bench.say("/start"))
        assert not bench.bot.chats.knows(CHAT)
        assert bench.bot.status.counts["blocked"] == 1

    def test_a_message_that_telegram_refuses_holds_nothing_up(self, bench: Bench) -> None:
        bench.telegram.fail("sendMessage", error(400, "Bad Request: message is too strange"))
        run(bench, bench.say("/start", "lagi"))
        assert len(bench.telegram.texts()) == 2  # the first one was refused
        assert bench.bot.status.counts["unsent"] == 1


class TestTwoBoxes:
    def test_who_answers_is_said_first(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, shared=True)
        run(bench, bench.say("/start", "lagi"))
        assert bench.telegram.texts().count(words.VILLAGE_ANSWERS) == 1
        assert bench.telegram.texts()[0] == words.VILLAGE_ANSWERS

    def test_a_code_of_the_other_box_is_explained(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, shared=True)
        run(bench, bench.say("/start", "1234567890123456"))
        assert words.OTHER_BOX in bench.telegram.texts()
