"""Which version runs, which is on trial, and which is gone back to; on the card so that a power cut at any
point leaves the old or the new one.

    /opt/kentongan/0.1.0/, 0.2.0/   each a virtual environment of its own
    /opt/kentongan/venv             a link to the one that runs
    /opt/kentongan/update.json      what is so; where the link says otherwise, this file is right (the
                                    installer takes it away when a person installs another version)

The file is replaced before the link; who starts the node asks `begin` first, which sets the link right.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from updater.release_file import Manifest, ReleaseRefused, numbers_of, read_manifest

MAX_STARTS: Final = 5
"""Starts of a version on trial that prove nothing: some may be power cuts, five in a row are its fault."""
LINK: Final = "venv"
STATE_FILE: Final = "update.json"
MANIFEST_FILE: Final = "release.json"
NEW: Final = ".new"


@dataclass(frozen=True)
class State:
    """`good` proved itself; `trial` is being tried, empty for none; `before` was good before `good`.

    `starts` counts starts with the trial. `left` is the version that was refused or given up last (empty
    where it could not be read), and `why` a word of `release_file.REASONS`.
    """

    good: str = ""
    trial: str = ""
    starts: int = 0
    before: str = ""
    left: str = ""
    why: str = ""

    @property
    def running(self) -> str:
        """The version that the link must lead to."""
        return self.trial or self.good


class Slots:
    """The versions in one folder. Each command holds `lock` while it changes anything."""

    def __init__(self, program: Path) -> None:
        self.program = program

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Wait until no other command changes anything here."""
        descriptor = os.open(self.program / ".update.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    # -- reading ----------------------------------------------------------------------------------

    def state(self) -> State:
        """Return what is so; without a file that can be read, the linked version is the good one."""
        try:
            state = State(**json.loads((self.program / STATE_FILE).read_text("utf-8")))
            numbers_of(state.running)
        except (OSError, ValueError, TypeError, RecursionError, AttributeError, ReleaseRefused):
            return State(good=self.linked())
        lost = not self.folder(state.good).is_dir() and self.folder(self.linked() or "-").is_dir()
        return State(good=self.linked()) if lost else state

    def linked(self) -> str:
        """Return the version that the link leads to; empty for none."""
        try:
            return (self.program / LINK).readlink().name
        except OSError:
            return ""

    def folder(self, version: str) -> Path:
        """Return where a version lies."""
        return self.program / version

    def manifest(self, version: str) -> Manifest | None:
        """Return the manifest with which a version came; None for one that the installer put there."""
        try:
            return read_manifest((self.folder(version) / MANIFEST_FILE).read_bytes())
        except (OSError, ReleaseRefused):
            return None

    def store_of(self, version: str) -> int:
        """Return how many migrations of the store a version knows."""
        manifest = self.manifest(version)
        if manifest is not None:
            return manifest.store
        return len(
            list(self.folder(version).glob("lib/python*/site-packages/village_node/migrations/[0-9]*.py"))
        )

    # -- changing ---------------------------------------------------------------------------------

    def begin(self) -> State:
        """Before each start of the node: count it, give up a trial that had its chances, set the link."""
        state = self.state()
        if state.trial and not (self.folder(state.trial) / "bin" / "kentongan").exists():
            state = given_up(state, "damaged")
        elif state.trial and state.starts >= MAX_STARTS:
            state = given_up(state, "crashed")
        elif state.trial:
            state = replace(state, starts=state.starts + 1)
        self._keep(state)
        return state

    def put_on_trial(self, version: str) -> State:
        """Let a version run that stands whole in its folder, until it proves itself."""
        before = self.state()
        state = State(good=before.good, trial=version, before=before.before)
        self._keep(state)
        return state

    def prove(self) -> State:
        """The version on trial is good."""
        state = self.state()
        if state.trial:
            state = State(good=state.trial, before=state.good)
            self._keep(state)
        return state

    def give_up(self, why: str) -> State:
        """Go back to the good version; nothing without a trial."""
        state = given_up(self.state(), why)
        self._keep(state)
        return state

    def go_back(self) -> State:
        """By hand: leave the version that runs for the one before; raise ReleaseRefused without one."""
        state = self.state()
        if state.trial:
            return self.give_up("by_hand")
        if not state.before or not self.folder(state.before).is_dir():
            raise ReleaseRefused("version", "there is no version before this one")
        state = State(good=state.before, left=state.good, why="by_hand")
        self._keep(state)
        return state

    def note_refused(self, version: str, why: str) -> None:
        """Keep that a release was not taken, and why; nothing is written where that is kept already."""
        state = self.state()
        if (state.left, state.why) != (version, why):
            self._keep(replace(state, left=version, why=why))

    def _keep(self, state: State) -> None:
        write_flushed(self.program / STATE_FILE, (json.dumps(asdict(state)) + "\n").encode())
        if self.linked() != state.running:
            draft = self.program / f".{LINK}.new"
            draft.unlink(missing_ok=True)
            draft.symlink_to(state.running)
            draft.replace(self.program / LINK)
            flush_folder(self.program)

    def forget_others(self) -> None:
        """Remove versions that nothing names any more, and what a cut left behind."""
        state = self.state()
        kept = {state.good, state.trial, state.before, self.linked()}
        for folder in self.program.iterdir():
            if folder.is_symlink() or not folder.is_dir() or folder.name in kept:
                continue
            with contextlib.suppress(ReleaseRefused):
                numbers_of(folder.name.removesuffix(NEW))
                shutil.rmtree(folder, ignore_errors=True)


def given_up(state: State, why: str) -> State:
    """Return the state after the trial."""
    if not state.trial:
        return state
    return State(good=state.good, before=state.before, left=state.trial, why=why)


def write_flushed(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file whole or not at all, flushed; raise OSError."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    draft.replace(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
