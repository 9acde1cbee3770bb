"""Releases of the program at a box: fetches one, looks at it, hands it to the updater, and tells the hub.

The node may not change the program. It puts a release into the updater's inbox; root looks at it again and
decides (`updater`). What came of it is in a file that the node reads.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sync.carriers.https import HubClient
from sync.errors import CarrierError, MalformedWire
from sync.sealing.release_turn import seal_question
from sync.storage.private_files import write_private
from sync.storage.writer import StorageError
from sync.wire.control_records import encode_up_control
from sync.wire.numbers import UpdateTrouble
from sync.wire.update_records import (
    NO_PART,
    PART_BYTES,
    ReleaseAnswer,
    ReleaseQuestion,
    UpdateHeld,
    decode_answer,
    version_numbers,
    version_words,
)
from updater.release_file import (
    MAX_RELEASE_BYTES,
    REASONS,
    Manifest,
    ReleaseRefused,
    check_wheels,
    read_head,
)
from updater.slots import Slots, State
from updater.successors import read_prefix
from village_node.release_keys import chain_here, release_trust
from village_node.services import NotTaken
from village_node.store_wiring import NodeStore

_log = logging.getLogger(__name__)
INBOX_FOLDER: Final = "updates"
INBOX_FILE: Final = "next.release"
"""What the path unit of the updater waits for."""
PART_FOLDER: Final = "release"
MAX_TURNS: Final = 64
"""In a row, 16 MiB: the rest follows after the next exchange."""
LOOK_EVERY_S: Final = 60.0
SPARE_BYTES: Final = 64 * 1024 * 1024
UPDATER_KEY: Final = Path("/etc/kentongan/release.key")
"""The keys that the updater goes by, as the installer wrote them."""
_TOLD: Final = "update_told"
_REFUSED: Final = "update_refused"
OTHER_KEY: Final = (
    "the updater of this box knows the release key of another hub: run scripts/install-node again"
)
_ANY_PART: Final = "-"
"""In the place of a release's own mark: it is the box that could not take any."""
_COPY_BYTES: Final = 1024 * 1024


def inbox_of(folder: Path) -> Path:
    """Return where a release is put for the updater; the installer makes its folder."""
    return folder.parent / INBOX_FOLDER / INBOX_FILE


def updater_knows(keys: list[bytes]) -> bool:
    """Return whether the updater goes by one of these keys, as far as this account may look.

    A box that moved to another hub has the old hub's key there until the installer ran again. One that was
    enrolled anew at the same hub may have a key there that was replaced, and statements that lead to its own.
    """
    try:
        first = [bytes.fromhex(line) for line in UPDATER_KEY.read_text("ascii").split()]
    except (OSError, ValueError):
        return True
    now = release_trust(first[0], chain_here()).release if first else ()
    return any(key in (*first, *now) for key in keys)


def hand_over(release: Path, inbox: Path, keys: list[bytes], slots: Slots | None) -> Manifest:
    """Look at a release and put a copy into the inbox; raise ReleaseRefused that says why not, or OSError."""
    if not inbox.parent.is_dir():
        raise ReleaseRefused("machine", "this box was installed without updates: run scripts/install-node")
    if not keys:
        raise ReleaseRefused("signature", "this box knows no release key: enrol it anew at a hub with one")
    if not updater_knows(keys):
        raise ReleaseRefused("signature", OTHER_KEY)
    if slots is not None and slots.state().trial:
        raise ReleaseRefused("version", "a version is on trial: wait a quarter of an hour")
    draft = inbox.with_name(f".{INBOX_FILE}.part")
    try:
        with release.open("rb") as file:
            manifest = read_head(file, release_trust(keys[0], chain_here(), read_prefix(file)).release)
            check_wheels(file, manifest)
            file.seek(0)
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                while part := file.read(_COPY_BYTES):
                    out.write(part)
                out.flush()
                os.fsync(out.fileno())
        draft.replace(inbox)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class ReleaseDesk:
    """Fetches, hands over, tells. `run` in a thread of its own; `fetch` in the one of the internet."""

    def __init__(
        self,
        store: NodeStore,
        slots: Slots | None,
        client: HubClient | None,
        *,
        send: Callable[[bytes, Callable[[], None]], None],
        busy: Callable[[], bool],
    ) -> None:
        """`busy`: something more urgent than a release waits for the internet."""
        folder, self._enrolment = store.config.folder, store.identity.enrolment
        self._slots = slots
        self._keys = [self._enrolment.release_public] if self._enrolment.release_public else []
        self._inbox = inbox_of(folder)
        self._folder = folder / PART_FOLDER
        self._log = store.log
        self._clock = store.clock
        self._free_bytes = store.free_bytes
        self._client = client
        self._send = send
        self._busy = busy

    @property
    def takes_releases(self) -> bool:
        """Whether an updater stands behind this node, and it knows a release key."""
        return self._slots is not None and bool(self._keys) and self._inbox.parent.is_dir()

    def state(self) -> State:
        """Return what the updater says."""
        return State() if self._slots is None else self._slots.state()

    def status(self) -> dict[str, Any] | None:
        """Return what a person may want to know; None where releases are not taken."""
        if not self.takes_releases:
            return None
        state = self.state()
        size, here = self._notes().get("size", 0), self._here()
        return {
            "on_trial": bool(state.trial),
            "goes_back_to": (state.good if state.trial else state.before) or None,
            "left": state.left or None,
            "because": state.why or None,
            "arrived_share": min(here / size, 1.0) if size else None,
        }

    # -- telling ----------------------------------------------------------------------------------

    def run(self, closing: threading.Event) -> None:
        """Tell the hub whenever the updater decided something, until `closing`."""
        while self.takes_releases and not closing.is_set():
            self.tell()
            self._clock.wait(closing, LOOK_EVERY_S)

    def _note_refused(self, part: str, version: tuple[int, int, int], why: str) -> bool:
        """Keep which release was not handed over, and what the updater said; return whether that is new."""
        text = " ".join((part, version_words(version), why, *_said(self.state())))
        is_new = text != self._log.text(_REFUSED)
        if is_new:
            self._log.set_texts({_REFUSED: text})
        return is_new

    def _left(self) -> tuple[str, str]:
        """Return which version was left last, and why: by the updater, unless it said nothing new since a
        release was not even handed over to it."""
        state, words = self.state(), (self._log.text(_REFUSED) or "").split()
        is_last = len(words) >= 3 and words[2] in REASONS and (*words[3:],) == _said(state)
        if is_last and (words[0] != _ANY_PART or not updater_knows(self._keys)):
            return words[1], words[2]
        return state.left, state.why

    def tell(self) -> None:
        """Tell the hub what runs here, unless it was told; a failure waits for the next time."""
        state = self.state()
        left, why = self._left()
        trouble = UpdateTrouble[why.upper()] if why else UpdateTrouble.NONE
        running, trial = version_numbers(state.running), version_numbers(state.trial)
        held = UpdateHeld(running, trial, version_numbers(left), trouble)
        record = encode_up_control(held)
        told = int.from_bytes(hashlib.sha256(record).digest()[:7], "big")
        try:
            if told != self._log.number(_TOLD):
                self._send(record, lambda: self._log.set_number(_TOLD, told))
        except (NotTaken, StorageError) as error:
            _log.warning("the hub was not told which version runs (%s)", type(error).__name__)

    # -- fetching ---------------------------------------------------------------------------------

    def fetch(self) -> None:
        """After an exchange: fetch what the hub has for this box, as long as nothing else waits."""
        if self._client is None or not self.takes_releases:
            return
        if self.state().trial or self._inbox.exists():
            return
        try:
            for _ in range(MAX_TURNS):
                if self._busy() or not self._turn():
                    return
        except (CarrierError, MalformedWire) as error:
            # An older hub knows no releases: that is no failed exchange.
            _log.info("no release was fetched: %s", error)
        except (OSError, StorageError) as error:
            _log.warning("a part of a release was not kept (%s)", type(error).__name__)

    def _turn(self) -> bool:
        """Fetch one part; return whether more is to come."""
        assert self._client is not None  # noqa: S101 - `fetch` looked
        notes = self._notes()
        part, start = bytes.fromhex(notes.get("part", NO_PART.hex())), self._here()
        if part == NO_PART:
            start = 0
        question = ReleaseQuestion(self._enrolment.node_number, platform.machine(), part, start)
        answer = decode_answer(self._client.release(seal_question(question, self._enrolment.psk)))
        if answer is None or self._was_left(answer):
            self._forget()
            return False
        if not updater_knows(self._keys):
            if self._note_refused(_ANY_PART, answer.version, "signature"):
                _log.warning("the release that the hub offers is not fetched: %s", OTHER_KEY)
            return False
        if answer.size > MAX_RELEASE_BYTES or 2 * answer.size + SPARE_BYTES > self._free_bytes():
            _log.warning("there is no room for a release of %d bytes", answer.size)
            return False
        if answer.part != part or answer.start != start:
            if answer.start:
                raise MalformedWire("a part of a release that was not asked for")
            self._forget()
            start = 0
        return self._keep(answer, start)

    def _keep(self, answer: ReleaseAnswer, start: int) -> bool:
        if not start:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            notes = {"part": answer.part.hex(), "size": answer.size}
            write_private(self._folder / "notes.json", json.dumps(notes))
        descriptor = os.open(self._folder / "part", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(descriptor, answer.data, start)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if start + len(answer.data) < answer.size:
            return bool(answer.data)
        self._whole(answer)
        return False

    def _was_left(self, answer: ReleaseAnswer) -> bool:
        """A version that was given up does not come back by itself; nor what was fetched and refused."""
        state = self.state()
        # The hub has it for this machine: what was for another one came by hand.
        given_up = version_words(answer.version) == state.left and state.why != "machine"
        refused = (self._log.text(_REFUSED) or "").partition(" ")[0]
        return given_up or answer.part.hex() == refused

    def _whole(self, answer: ReleaseAnswer) -> None:
        whole = self._folder / "part"
        with whole.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").digest()
        if found[:PART_BYTES] != answer.part:
            _log.warning("a release was damaged on its way: it is fetched again")
        else:
            try:
                manifest = hand_over(whole, self._inbox, self._keys, self._slots)
                _log.info("release %s is handed to the updater", manifest.version)
            except ReleaseRefused as refused:
                _log.warning("the release that was fetched is not used: %s", refused)
                self._note_refused(answer.part.hex(), answer.version, refused.why)
        self._forget()

    def _here(self) -> int:
        try:
            return (self._folder / "part").stat().st_size
        except OSError:
            return 0

    def _notes(self) -> dict[str, Any]:
        try:
            notes = json.loads((self._folder / "notes.json").read_text("ascii"))
            return {"part": bytes.fromhex(notes["part"]).hex(), "size": int(notes["size"])}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}

    def _forget(self) -> None:
        for name in ("notes.json", "part"):
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()


def _said(state: State) -> tuple[str, str, str]:
    """Return what the updater says, in three words."""
    return state.running or "-", state.left or "-", state.why or "-"
