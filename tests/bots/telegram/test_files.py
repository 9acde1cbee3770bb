"""Pictures and sounds: fetched under a limit, cleaned as on the site, refused with a reason otherwise."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_media import SECRET, jpeg
from telegram_stub import TIMEOUT, Bench, error, run

from bots.telegram.files import MOST_FETCHED_BYTES
from sync.media.cleaning import Cleaner
from sync.wire.attachments import MAX_ATTACHMENTS
from sync.wire.numbers import MediaType

SOUNDS = Path(__file__).parents[2] / "data" / "sounds"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, clean=Cleaner())


def photo(size: int | None = None, file_id: str = "foto") -> dict[str, Any]:
    small = {"file_id": "kecil", "file_unique_id": "a", "width": 10, "height": 10}
    large = {"file_id": file_id, "file_unique_id": "b", "width": 640, "height": 480}
    return {"photo": [small, large | ({} if size is None else {"file_size": size})]}


def test_a_photo_and_a_voice_note_go_with_the_report_cleaned(bench: Bench) -> None:
    bench.telegram.files = {"foto": jpeg(), "suara": (SOUNDS / "suara.ogg").read_bytes()}
    voice = {"file_id": "suara", "file_unique_id": "v", "duration": 1, "mime_type": "audio/ogg"}

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(bench.message(**photo()), bench.message(voice=voice))
        await bench.take(bench.press("kirim"))

    run(bench, story())
    assert [one.media_type for one in bench.desk.attached] == [MediaType.JPEG, MediaType.OGG_OPUS]
    assert not any(SECRET in one.content for one in bench.desk.attached)
    assert bench.telegram.texts()[3:5] == ["ada picture", "ada sound"]


def test_what_stands_under_a_photo_is_read(bench: Bench) -> None:
    bench.telegram.files = {"foto": jpeg()}

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(bench.message(**photo(), caption="orangnya"))

    run(bench, story())
    assert bench.telegram.texts()[-1] == "Kirim?\norangnya"


def test_what_stands_under_a_film_is_read_though_the_film_is_not_taken(bench: Bench) -> None:
    film = {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(bench.message(video=film, caption="orangnya"))

    run(bench, story())
    assert bench.telegram.texts()[-2:] == ["tidak: kind", "Kirim?\norangnya"]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (photo(MOST_FETCHED_BYTES + 1), "size"),
        ({"document": {"file_id": "pdf", "file_unique_id": "d", "mime_type": "application/pdf"}}, "kind"),
        ({"video": {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}}, "kind"),
        ({"document": {"file_id": "rusak", "file_unique_id": "d", "mime_type": "image/jpeg"}}, "kind"),
        ({"contact": {"phone_number": "0812-0000-3141", "first_name": "Pak"}}, "kind"),
    ],
    ids=["huge", "PDF", "film", "no picture", "contact"],
)
def test_other_files_are_refused_with_a_reason(bench: Bench, what: dict[str, Any], why: str) -> None:
    bench.telegram.files = {"rusak": b"x" * 500}

    async def story() -> None:
        await bench.say("/start")
        await bench.take(bench.message(**what))

    run(bench, story())
    assert bench.telegram.texts()[-1] == f"tidak: {why}"


@pytest.mark.parametrize(
    ("answer", "why"),
    [(TIMEOUT, "network"), (error(400, "Bad Request: file is too big"), "size")],
    ids=["timeout", "too big for Telegram"],
)
def test_a_file_that_telegram_does_not_give_is_refused(bench: Bench, answer: Any, why: str) -> None:
    async def story() -> None:
        await bench.say("/start")
        bench.telegram.fail("getFile", answer)
        await bench.take(bench.message(**photo()))

    run(bench, story())
    assert bench.telegram.texts()[-1] == f"tidak: {why}"


def test_a_file_that_trickles_holds_nobody_up(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    never = asyncio.Event()

    async def trickles(_file_id: str) -> None:
        await never.wait()

    async def story() -> None:
        await bench.say("/start")
        files = bench.bot.rim._parts.files
        files._bot = SimpleNamespace(get_file=trickles)  # type: ignore[assignment]
        files._longest_s = 0.01
        await bench.take(bench.message(**photo()))

    run(bench, story())
    assert bench.telegram.texts()[-1] == "tidak: network"


def test_more_files_than_a_report_carries_are_refused(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.telegram.files = {"foto": b"x"}

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(*(bench.message(**photo()) for _ in range(MAX_ATTACHMENTS + 1)))

    run(bench, story())
    assert bench.telegram.texts()[-1] == "tidak: count"


def test_what_no_dialogue_holds_any_more_is_not_held_in_memory(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.telegram.files = {"foto": b"x"}

    async def story() -> None:
        await bench.up_to_send()
        await bench.take(bench.message(**photo()))
        assert bench.bot.chats.files_bytes() == 1
        await bench.say("/batal")
        await bench.take(bench.press("batal"))  # the dialogue says that all is forgotten
        assert bench.bot.chats.files_bytes() == 0
        await bench.take(bench.message(**photo()))  # nobody asked for it
        assert bench.bot.chats.files_bytes() == 0

    run(bench, story())
