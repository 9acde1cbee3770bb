"""A hub keeps signed releases, hands them out to the boxes whose turn it is, and knows what came of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from releases import KEY, PUBLIC, named, release, secret, wheel
from village import Region

from hub.cli import hub
from hub.fleet.releases import Releases, ref_of
from hub.fleet.rollouts import Step
from hub.fleet.services import UpdateView
from hub.fleet.words import update_in_words
from hub.languages import speaking
from hub.models import Node
from sync.errors import MalformedWire, SealBroken
from sync.sealing.release_turn import seal_question
from sync.wire.numbers import UpdateTrouble
from sync.wire.update_records import (
    CHUNK_BYTES,
    NO_PART,
    NO_VERSION,
    ReleaseAnswer,
    ReleaseQuestion,
    UpdateHeld,
    decode_answer,
)
from updater.release_file import ReleaseRefused
from updater.successors import KeyRing

LARGE = wheel("kentongan", "0.2.0", {"kentongan.py": b"#" * (2 * CHUNK_BYTES)})
DATA = release(wheels={"kentongan-0.2.0-py3-none-any.whl": (LARGE, "")})
PART = hashlib.sha256(DATA).digest()[:8]


@pytest.fixture
def shelf(region: Region) -> Releases:
    """Return the shelf of a hub with one box, and a release of three parts on it."""
    region.enrolment()
    store = region.hub.store
    made = Releases(store.database, store.writer, region.clock, PUBLIC)
    made.add(DATA)
    return made


def asks(region: Region, shelf: Releases, part: bytes = NO_PART, start: int = 0) -> ReleaseAnswer | None:
    psk = bytes(Node.select().where(Node.number == 1).get(region.hub.store.database).psk)
    question = ReleaseQuestion(1, "aarch64", part, start)
    return decode_answer(shelf.answer(seal_question(question, psk)))


def offer(region: Region, shelf: Releases, version: str = "0.2.0") -> None:
    region.hub.store.writer.run(lambda: shelf.send(1, version))


def says(region: Region, shelf: Releases, held: UpdateHeld) -> list[tuple[str, Step]]:
    return region.hub.store.writer.run(lambda: shelf.heard(1, held, 5.0))


def test_a_box_gets_a_release_part_by_part_once_it_is_its_turn(region: Region, shelf: Releases) -> None:
    assert asks(region, shelf) is None
    offer(region, shelf)
    found = b""
    while len(found) < len(DATA):
        assert not shelf.arrived({1: ref_of("0.2.0")})
        answer = asks(region, shelf, PART if found else NO_PART, len(found))
        assert answer is not None
        assert (answer.version, answer.part, answer.size) == ((0, 2, 0), PART, len(DATA))
        assert answer.start == len(found)
        found += answer.data
    assert found == DATA
    assert shelf.arrived({1: ref_of("0.2.0")}) == [1]
    # A part of another release, or one that is longer than it: from the beginning.
    for part, start in ((bytes([1] * 8), 50), (PART, len(DATA) + 1)):
        again = asks(region, shelf, part, start)
        assert again is not None
        assert again.start == 0


def test_nobody_else_asks_for_a_box(region: Region, shelf: Releases) -> None:
    question = ReleaseQuestion(1, "aarch64", NO_PART, 0)
    with pytest.raises(SealBroken):
        shelf.answer(seal_question(question, bytes(32)))
    with pytest.raises(SealBroken):
        shelf.answer(seal_question(ReleaseQuestion(9, "aarch64", NO_PART, 0), bytes(32)))
    for nonsense in (b"", b"x" * 30, b"x" * 500):
        with pytest.raises(MalformedWire):
            shelf.answer(nonsense)


def test_what_is_not_signed_or_is_here_already_is_not_kept(region: Region, shelf: Releases) -> None:
    for data, why in (
        (release(key=Ed25519PrivateKey.from_private_bytes(bytes(32))), "signature"),
        (DATA[:-1], "damaged"),
        (DATA, "version"),
        (release("0.2.300"), "version"),
    ):
        with pytest.raises(ReleaseRefused) as refused:
            shelf.add(data)
        assert refused.value.why == why
    assert [one.version for one in shelf.shelf()] == ["0.2.0"]


@pytest.mark.parametrize(
    ("held", "means"),
    [
        (UpdateHeld((0, 1, 0), NO_VERSION, NO_VERSION, UpdateTrouble.NONE), {"0.1.0": Step.CONFIRMED}),
        (UpdateHeld((0, 2, 0), (0, 2, 0), NO_VERSION, UpdateTrouble.NONE), {"0.2.0": Step.TRYING}),
        (UpdateHeld((0, 2, 0), NO_VERSION, NO_VERSION, UpdateTrouble.NONE), {"0.2.0": Step.CONFIRMED}),
        (
            UpdateHeld((0, 1, 0), NO_VERSION, (0, 2, 0), UpdateTrouble.SILENT),
            {"0.1.0": Step.CONFIRMED, "0.2.0": Step.WENT_BACK},
        ),
        (
            UpdateHeld((0, 1, 0), NO_VERSION, (0, 2, 0), UpdateTrouble.ROOM),
            {"0.1.0": Step.CONFIRMED, "0.2.0": Step.REFUSED},
        ),
    ],
)
def test_what_a_box_says_becomes_a_step(
    region: Region, shelf: Releases, held: UpdateHeld, means: dict[str, Step]
) -> None:
    offer(region, shelf)
    assert dict(says(region, shelf, held)) == {ref_of(version): step for version, step in means.items()}
    decided = "0.2.0" in means and means["0.2.0"] is not Step.TRYING
    # What was tried and left is not handed out again; nor what is being tried.
    assert (asks(region, shelf) is None) == ("0.2.0" in means)
    if decided:
        says(region, shelf, UpdateHeld((0, 1, 0), NO_VERSION, (0, 1, 9), UpdateTrouble.DAMAGED))
        assert asks(region, shelf) is None


def test_undoing_offers_a_signed_way_back_or_nothing(region: Region, shelf: Releases) -> None:
    says(region, shelf, UpdateHeld((0, 2, 0), NO_VERSION, NO_VERSION, UpdateTrouble.NONE))
    undo = region.hub.store.writer.run
    undo(lambda: shelf.undo(1, "0.1.0"))
    assert asks(region, shelf) is None
    shelf.add(release("0.1.0", leaves="0.2.0", minimum="0.0.0"))
    undo(lambda: shelf.undo(1, "0.1.0"))
    answer = asks(region, shelf)
    assert answer is not None
    assert answer.version == (0, 1, 0)


def test_the_page_and_the_list_say_it_in_words(region: Region, tmp_path: Path) -> None:
    left = UpdateView("0.1.0", "", "0.2.0", UpdateTrouble.CRASHED, 5.0)
    assert update_in_words(left) == "kembali dari versi 0.2.0: program berhenti berkali-kali"
    with speaking("en"):
        assert f"{update_in_words(left)}" == "went back from version 0.2.0: the program ended again and again"
        refused = UpdateView("0.1.0", "", "0.2.0", UpdateTrouble.ROOM, 5.0)
        assert f"{update_in_words(refused)}" == "version 0.2.0 was not installed: no room on the card"
        unread = UpdateView("0.1.0", "", "", UpdateTrouble.SIGNATURE, 5.0)
        assert "release file was refused" in f"{update_in_words(unread)}"
        trying = UpdateView("0.1.0", "0.2.0", "", UpdateTrouble.NONE, 5.0)
        assert f"{update_in_words(trying)}".endswith("trial")
        assert update_in_words(UpdateView("0.2.0", "", "", UpdateTrouble.NONE, 5.0)) == ""
    region.enrolment()
    store = region.hub.store
    held = UpdateHeld((0, 1, 0), NO_VERSION, (0, 2, 0), UpdateTrouble.CRASHED)
    store.writer.run(lambda: store.fleet.hear_update(1, held, region.clock.wall_s()))
    listed = json.loads(CliRunner().invoke(hub, ["fleet", "list", str(region.hub_folder), "--json"]).output)
    assert listed["update"]["trouble"] == "crashed"
    file = tmp_path / "x.release"
    file.write_bytes(release(key=KEY)[:-1])
    refused_add = CliRunner().invoke(hub, ["release", "add", str(region.hub_folder), str(file)])
    assert refused_add.exit_code == 1
    offered = CliRunner().invoke(
        hub, ["release", "offer", str(region.hub_folder), "9.9.9", "--reason", "uji"]
    )
    assert (offered.exit_code, "is not here" in offered.stderr) == (1, True)
    assert CliRunner().invoke(hub, ["release", "list", str(region.hub_folder)]).output == ""


def test_a_hub_takes_releases_with_all_that_it_knows_of_keys_and_no_others(
    region: Region, shelf: Releases, tmp_path: Path
) -> None:
    """Boxes learn keys from a release alone: one without the newest statement would leave them behind."""
    spare, after = secret(1), secret(2)
    one = named(b"", by=KEY, release=KEY, spares=(spare,))
    two = named(one, by=spare, release=after, spares=(spare,))
    store = region.hub.store
    knows = Releases(store.database, store.writer, region.clock, PUBLIC, two)
    for data, words in (
        (release("0.3.0"), "lacks the newest"),
        (release("0.3.0", key=after), "lacks the newest"),
        (release("0.3.0", key=after, chain=one), "lacks the newest"),
        (release("0.3.0", chain=two), "not signed by"),
    ):
        with pytest.raises(ReleaseRefused, match=words):
            knows.add(data)
    with pytest.raises(ReleaseRefused, match="does not know"):
        shelf.add(release("0.3.0", key=after, chain=two))
    whole = release("0.3.0", key=after, chain=two)
    assert knows.add(whole).version == "0.3.0"
    # What a box fetches brings the keys along.
    offer(region, knows, "0.3.0")
    answer = asks(region, knows)
    assert answer is not None
    assert answer.data == whole
    assert KeyRing(tmp_path, [PUBLIC]).learn(two).release == (after.public_key().public_bytes_raw(),)
