"""What a box decides about releases: what it fetches, goes on with, leaves alone, and tells."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from releases import KEY, PUBLIC, named, release, secret

from sync.clock import ManualClock
from sync.errors import CarrierError
from sync.sealing.release_turn import check_question, read_question
from sync.wire.control_records import decode_up_control
from sync.wire.numbers import UpdateTrouble
from sync.wire.update_records import (
    PART_BYTES,
    ReleaseAnswer,
    UpdateHeld,
    Version,
    encode_answer,
)
from updater.release_file import ReleaseRefused
from updater.slots import State
from village_node import doctor, releases
from village_node.releases import SPARE_BYTES, ReleaseDesk
from village_node.services import NotTaken

PSK = bytes(range(32))
NEW = bytes(range(256)) * 3
CHUNK = 300


class Notes:
    """The settings of a node's log."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def text(self, key: str) -> str | None:
        return self.kept.get(key)

    def set_texts(self, texts: dict[str, str]) -> None:
        self.kept |= texts

    def number(self, key: str) -> int | None:
        return self.kept.get(key)

    def set_number(self, key: str, value: int) -> None:
        self.kept[key] = value


class Hub:
    """Has one release, and hands out so much of it a turn."""

    def __init__(self, data: bytes = NEW, version: Version = (0, 2, 0)) -> None:
        self.data, self.version = data, version
        self.asked: list[int] = []
        self.fails_after: int | None = None
        self.shift = 0

    def release(self, question: bytes) -> bytes:
        check_question(question, PSK)
        told = read_question(question)
        if self.fails_after is not None and len(self.asked) >= self.fails_after:
            raise CarrierError("the line is gone")
        self.asked.append(told.start)
        part = hashlib.sha256(self.data).digest()[:PART_BYTES]
        start = (told.start if told.part == part else 0) + self.shift
        piece = self.data[start : start + CHUNK]
        return encode_answer(ReleaseAnswer(self.version, part, len(self.data), start, piece))


class Box:
    """A desk over a folder, with an updater that says what it is told to."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hub, self.log, self.state = Hub(), Notes(), State(good="0.1.0")
        self.told: list[UpdateHeld] = []
        self.handed: list[bytes] = []
        self.refuses: Exception | None = None
        self.takes, self.busy, self.free_bytes = True, False, 10 * SPARE_BYTES
        self.folder = folder / "node"
        self.folder.mkdir()
        (folder / releases.INBOX_FOLDER).mkdir()
        monkeypatch.setattr(releases, "hand_over", self.hand_over)
        self.desk = self.start()

    def start(self) -> ReleaseDesk:
        enrolment = SimpleNamespace(node_number=7, psk=PSK, release_public=bytes(32))
        store: Any = SimpleNamespace(
            config=SimpleNamespace(folder=self.folder),
            identity=SimpleNamespace(enrolment=enrolment),
            log=self.log,
            clock=ManualClock(),
            free_bytes=lambda: self.free_bytes,
        )
        slots: Any = SimpleNamespace(state=lambda: self.state)
        client: Any = self.hub
        return ReleaseDesk(store, slots, client, send=self.send, busy=lambda: self.busy)

    def send(self, record: bytes, done: Any) -> None:
        if not self.takes:
            raise NotTaken
        held = decode_up_control(record)
        assert isinstance(held, UpdateHeld)
        self.told.append(held)
        done()

    def hand_over(self, release: Path, *_: object) -> Any:
        if self.refuses is not None:
            raise self.refuses
        self.handed.append(release.read_bytes())
        return SimpleNamespace(version="0.2.0")


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    return Box(tmp_path, monkeypatch)


def test_a_release_is_fetched_in_turns_and_handed_over_whole(box: Box) -> None:
    box.desk.fetch()
    assert (box.hub.asked, box.handed) == ([0, 300, 600], [NEW])


def test_after_a_lost_line_and_a_start_it_goes_on_where_it_was(box: Box) -> None:
    box.hub.fails_after = 2
    box.desk.fetch()
    assert box.handed == []
    box.hub.fails_after = None
    again = box.start()
    status = again.status()
    assert status is not None
    assert status["arrived_share"] == 600 / len(NEW)
    again.fetch()
    assert (box.hub.asked, box.handed) == ([0, 300, 600], [NEW])


def test_another_release_begins_anew(box: Box) -> None:
    box.hub.fails_after = 2
    box.desk.fetch()
    box.hub = Hub(b"other" * 90, (0, 3, 0))
    box.start().fetch()
    assert (box.hub.asked, box.handed) == ([600, 300], [b"other" * 90])


def test_a_part_that_was_not_asked_for_is_not_kept(box: Box) -> None:
    box.hub.shift = 100
    box.desk.fetch()
    assert (box.hub.asked, box.handed) == ([0], [])
    assert not (box.folder / releases.PART_FOLDER).exists()


@pytest.mark.parametrize("why", ["trial", "inbox", "busy", "room", "given up"])
def test_nothing_is_fetched_while_it_would_be_in_vain(box: Box, why: str) -> None:
    match why:
        case "trial":
            box.state = State(good="0.1.0", trial="0.2.0")
        case "inbox":
            releases.inbox_of(box.folder).write_bytes(b"waits for the updater")
        case "busy":
            box.busy = True
        case "room":
            box.free_bytes = SPARE_BYTES + len(NEW)
        case "given up":
            box.state = State(good="0.1.0", left="0.2.0", why="crashed")
    box.desk.fetch()
    assert box.handed == []
    assert len(box.hub.asked) == (1 if why in ("room", "given up") else 0)


def test_a_stick_for_another_machine_does_not_keep_out_what_the_hub_has_for_this_one(box: Box) -> None:
    box.state = State(good="0.1.0", left="0.2.0", why="machine")
    box.desk.fetch()
    assert box.handed == [NEW]


def test_what_was_damaged_on_its_way_is_fetched_again_and_what_is_refused_is_not(box: Box) -> None:
    box.hub.fails_after = 2
    box.desk.fetch()
    whole = box.folder / releases.PART_FOLDER / "part"
    whole.write_bytes(b"x" + whole.read_bytes()[1:])
    box.hub.fails_after = None
    box.desk.fetch()
    assert box.handed == []
    box.refuses = ReleaseRefused("signature", "not signed")
    box.desk.fetch()
    turns = len(box.hub.asked)
    assert turns == 6
    box.refuses = None
    box.desk.fetch()
    assert (box.handed, len(box.hub.asked)) == ([], turns + 1)
    box.desk.tell()
    assert box.told == [UpdateHeld((0, 1, 0), (0, 0, 0), (0, 2, 0), UpdateTrouble.SIGNATURE)]


def test_what_the_updater_would_not_know_is_not_fetched_and_the_hub_hears_why(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A box that moved to another hub, before the installer ran again: else it would fetch without end."""
    key = tmp_path / "release.key"
    monkeypatch.setattr(releases, "UPDATER_KEY", key)
    key.write_text("ff" * 32 + "\n")
    identity = SimpleNamespace(enrolment=SimpleNamespace(release_public=bytes(32)))
    assert "another hub" in doctor._release_key(identity)["problem"]  # type: ignore[arg-type]
    box.state = State(good="0.1.0", left="0.1.9", why="crashed")
    for _ in range(3):
        box.desk.fetch()
    assert (len(box.hub.asked), box.handed) == (3, [])
    assert not (box.folder / releases.PART_FOLDER).exists()
    box.desk.tell()
    assert box.told == [UpdateHeld((0, 1, 0), (0, 0, 0), (0, 2, 0), UpdateTrouble.SIGNATURE)]
    # What the updater says since then is the newer word.
    box.state = State(good="0.3.0", before="0.1.0")
    box.desk.tell()
    assert box.told[1:] == [UpdateHeld((0, 3, 0), (0, 0, 0), (0, 0, 0), UpdateTrouble.NONE)]
    # The installer ran: the same release is taken now, and nothing is wrong any more.
    box.desk.fetch()
    assert box.handed == []
    box.desk.tell()
    key.write_text(f"{bytes(32).hex()}\n")
    box.desk.tell()
    assert [held.trouble for held in box.told[2:]] == [UpdateTrouble.SIGNATURE, UpdateTrouble.NONE]
    box.desk.fetch()
    assert box.handed == [NEW]


def test_the_hub_is_told_each_thing_once_and_again_when_it_was_not_kept(box: Box) -> None:
    box.takes = False
    box.desk.tell()
    assert box.told == []
    box.takes = True
    for _ in range(2):
        box.desk.tell()
    box.start().tell()
    box.state = State(good="0.1.0", trial="0.2.0")
    box.desk.tell()
    box.state = State(good="0.1.0", left="0.2.0", why="crashed")
    box.desk.tell()
    nothing = (0, 0, 0)
    assert box.told == [
        UpdateHeld((0, 1, 0), nothing, nothing, UpdateTrouble.NONE),
        UpdateHeld((0, 2, 0), (0, 2, 0), nothing, UpdateTrouble.NONE),
        UpdateHeld((0, 1, 0), nothing, (0, 2, 0), UpdateTrouble.CRASHED),
    ]


def test_a_courier_brings_the_keys_with_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spare, after = secret(1), secret(2)
    one = named(b"", by=KEY, release=KEY, spares=(spare,))
    two = named(one, by=spare, release=after, spares=(spare,))
    inbox, stick, key = tmp_path / "updates/next.release", tmp_path / "stick", tmp_path / "release.key"
    inbox.parent.mkdir()
    monkeypatch.setattr(releases, "UPDATER_KEY", key)
    key.write_text(PUBLIC.hex() + "\n")

    def brought(data: bytes, *, public: bytes = PUBLIC) -> str:
        stick.write_bytes(data)
        try:
            releases.hand_over(stick, inbox, [public], None)
        except ReleaseRefused as refused:
            return refused.why
        return "" if inbox.read_bytes() == data else "changed"

    assert brought(release(chain=one)) == brought(release(key=after, chain=two)) == ""
    assert brought(release(key=after)) == brought(release(key=after, chain=one)) == "signature"
    monkeypatch.setattr(releases, "chain_here", lambda: two)  # once the updater took it
    assert brought(release(key=after)) == ""
    assert brought(release()) == brought(release(chain=one)) == "signature"
    # Enrolled anew at the same hub, whose enrolments carry the key of today.
    assert brought(release(key=after), public=after.public_key().public_bytes_raw()) == ""
    assert brought(release(), public=secret(9).public_key().public_bytes_raw()) == "signature"
