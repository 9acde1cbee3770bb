"""Which material the pages show: the newest version that works, the last good one, or what was shipped.

store = ContentStore(folder / "content", release_public)
store.begin()                  # at a start: goes back if the version in use is damaged or never came up
store.catalogue("id").lesson("perekrut")
store.take(pack)               # verified, tried whole in another process, and only then in use
store.proven()                 # the server runs: this version is good
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from content.catalogue import BASE_LANGUAGE, Catalogue
from content.errors import ContentRefused, PackRefused
from content.files import shipped_files
from content.packs import ContentPack, PackedFile, entries_of, unpack
from content.updates import base_of, fingerprint, restore_pack
from village_node.content_folder import SHIPPED, ContentFolder, ContentState
from village_node.content_trial import try_folder
from village_node.release_keys import chain_here, release_trust

MAX_STARTS = 2
"""Starts that a new version may leave unfinished: one may have been a power cut, two are its fault."""


class MaterialRefused(PackRefused):
    """The pack is signed and whole, and its material cannot be used."""


class NothingToGoBackTo(Exception):
    """The shipped version is in use: there is none before it."""


class ContentStore:
    """The material of one box. Threads may share it; `begin` comes first where a server runs."""

    def __init__(
        self,
        folder: Path,
        release_public: bytes | None,
        *,
        chain: Callable[[], bytes] = chain_here,
        trial: Callable[[Path], None] = try_folder,
    ) -> None:
        """`release_public`: of the enrolment; `chain`: the statements on the keys after it."""
        self._first, self._chain = release_public, chain
        self._known: list[Ed25519PublicKey] = []
        """What is on the card was signed by one of these, which need not count any more."""
        self._folder = ContentFolder(folder, self._known)
        self._keys = self._keys_now()
        self._trial = trial
        self._changing = threading.RLock()
        """Held while a version is tried, which may take a minute: pages do not wait for it."""
        self._lock = threading.RLock()
        self._state = self._folder.state()
        self._catalogues: dict[str, Catalogue] = {}

    # -- reading ----------------------------------------------------------------------------------

    @property
    def state(self) -> ContentState:
        """Return which version is in use, and what happened to the one before."""
        with self._lock:
            return self._state

    @property
    def takes_packs(self) -> bool:
        """Whether the box knows a release key."""
        return bool(self._keys)

    def _files(self, version: int) -> Mapping[str, bytes]:
        return shipped_files() if version == SHIPPED else self._folder.files(version)

    def catalogue(self, language: str = BASE_LANGUAGE) -> Catalogue:
        """Return the material in use in a language, in Indonesian where it lacks that one."""
        with self._lock:
            found = self._catalogues.get(language)
            if found is None:
                files = self._files(self._state.active)
                try:
                    found = Catalogue(files, language)
                except ContentRefused:
                    found = self.catalogue() if language != BASE_LANGUAGE else Catalogue(shipped_files())
                self._catalogues[language] = found
            return found

    def entries(self, version: int) -> tuple[PackedFile, ...]:
        """Return the files of a version as a manifest names them; raise PackRefused."""
        if version == SHIPPED:
            return entries_of(shipped_files())
        return self._folder.checked(version).files

    def fingerprint(self) -> bytes:
        """Return the name of the files in use, by which the hub finds what they lack."""
        return fingerprint(self.entries(self.state.active))

    def status(self) -> dict[str, Any]:
        """Return what a person may want to know, as JSON-ready fields. Reads the files in use."""
        state = self.state
        try:
            made_at = None if not state.active else self._folder.checked(state.active).made_at.isoformat()
            damaged = False
        except PackRefused:
            made_at, damaged = None, True
        return {
            "version": state.active,
            "made_at": made_at,
            "goes_back_to": state.good,
            "damaged": damaged,
            "gave_up": state.left or None,
            "because": state.why or None,
            "takes_packs": self.takes_packs,
        }

    # -- starting ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """Choose the version to start with: one that is whole, and that did not break earlier starts."""
        with self._changing:
            state = self._state
            if not state.proven and state.starts >= MAX_STARTS:
                state = _left(state, "crashed")
            while state.active and not self._is_whole(state.active):
                state = _left(state, "broken")
            if not state.proven:
                state = replace(state, starts=state.starts + 1)
            self._keep(state)
            self._folder.forget_all_but([state.active, state.good])

    def _is_whole(self, version: int) -> bool:
        try:
            self._folder.checked(version)
        except PackRefused:
            return False
        return True

    def proven(self) -> None:
        """The server came up with the version in use."""
        with self._changing:
            if not self._state.proven:
                self._keep(replace(self._state, proven=True, starts=0))

    def _keep(self, state: ContentState) -> None:
        if state != self._state:
            # A card that takes no writes any more must still show what is on it.
            with contextlib.suppress(OSError):
                self._folder.keep_state(state)
            self._use(state)

    def _use(self, state: ContentState) -> None:
        with self._lock:
            if state.active != self._state.active:
                self._catalogues = {}
            self._state = state

    # -- changing ---------------------------------------------------------------------------------

    def take(self, pack: bytes) -> int:
        """Check a pack whole and use it; return its version.

        What it leaves out may be in the version in use, the one before or the shipped one. Raises
        PackRefused, and then nothing has changed.
        """
        with self._changing:
            newer_than = self._state.active
            try:
                opened = self._unpacked(pack, newer_than, {})
            except PackRefused as refused:
                opened = self._with_held_files(pack, newer_than, refused)
            return self._take(pack, opened)

    def take_update(self, update: bytes) -> int:
        """Use what came in pieces (see `content.updates`); raise PackRefused, and then nothing has changed.

        A version that was given up does not come back by itself.
        """
        with self._changing:
            version, entries = self._base(base_of(update))
            pack = restore_pack(update, entries)
            newer_than = max(self._state.active, self._state.left)
            return self._take(pack, self._unpacked(pack, newer_than, self._by_hash(version, entries)))

    def _keys_now(self) -> list[Ed25519PublicKey]:
        trust = release_trust(self._first, self._chain())
        self._known[:] = map(Ed25519PublicKey.from_public_bytes, trust.known)
        return self._known[: len(trust.release)]

    def _unpacked(self, pack: bytes, newer_than: int, held: Mapping[str, bytes]) -> ContentPack:
        self._keys = self._keys_now()
        if not self._keys:
            raise PackRefused(
                "this box knows no release key, so it takes no packs: enrol it anew at a hub with one"
            )
        return unpack(pack, self._keys, newer_than=newer_than, held=held)

    def _with_held_files(self, pack: bytes, newer_than: int, refused: PackRefused) -> ContentPack:
        for version, entries in self._held():
            with contextlib.suppress(PackRefused):
                return self._unpacked(pack, newer_than, self._by_hash(version, entries))
        raise refused

    def _held(self) -> Iterator[tuple[int, tuple[PackedFile, ...]]]:
        for version in dict.fromkeys((self._state.active, self._state.good, SHIPPED)):
            with contextlib.suppress(PackRefused):  # damaged on the card
                yield version, self.entries(version)
        yield SHIPPED, ()  # whoever does not know what is here sends all

    def _base(self, wanted: bytes) -> tuple[int, tuple[PackedFile, ...]]:
        for version, entries in self._held():
            if fingerprint(entries) == wanted:
                return version, entries
        raise PackRefused("the update is for a box with other material")

    def builds_on(self) -> set[bytes]:
        """Return the names of the sets of files that an update may build on here."""
        return {fingerprint(entries) for _, entries in self._held()}

    def _by_hash(self, version: int, entries: tuple[PackedFile, ...]) -> dict[str, bytes]:
        files = self._files(version)
        return {entry.sha256: files[entry.path] for entry in entries}

    def _take(self, pack: bytes, opened: ContentPack) -> int:
        version, before = opened.manifest.version, self._state
        good = before.active if before.proven else before.good
        state = ContentState(active=version, good=good, proven=False)
        try:
            new = self._folder.write_new(pack, opened)
            try:
                self._trial(new)
            except PackRefused as error:
                self._folder.forget_all_but([before.active, before.good])
                self._keep(replace(before, left=version, why="refused"))
                raise MaterialRefused(str(error)) from error
            self._folder.name_new(version)
            self._folder.keep_state(state)
        except OSError as error:
            raise PackRefused(f"the card did not take it ({error.strerror}): nothing changed") from error
        self._use(state)
        self._folder.forget_all_but([state.active, state.good])
        return version

    def roll_back(self) -> int:
        """Go back to the version before, by hand; return it. Raises NothingToGoBackTo, or OSError."""
        with self._changing:
            if not self._state.active:
                raise NothingToGoBackTo
            state = _left(self._state, "by hand")
            if state.active and not self._is_whole(state.active):
                state = replace(state, active=SHIPPED, good=SHIPPED)
            self._folder.keep_state(state)
            self._use(state)
            self._folder.forget_all_but([state.active, state.good])
            return state.active


def _left(state: ContentState, why: str) -> ContentState:
    """Return the state after giving up the version in use. Behind the good one stands what was shipped."""
    return ContentState(active=state.good, left=max(state.active, state.left), why=why)
