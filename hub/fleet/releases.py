"""Keeps signed releases, hands them out part by part, and knows which version each box runs, tries or left.

Which box may have which release is the affair of `rollout_book`. Implements `rollout_services.RolloutKind`.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.boxes import key_of_box
from hub.fleet.release_models import FleetRelease, FleetReleasePart, FleetUpdate
from hub.fleet.rollout_services import Sent
from hub.fleet.rollouts import Step
from hub.fleet.services import UpdateView
from hub.storage.statements import put
from sync.clock import Clock
from sync.sealing.release_turn import check_question, read_question
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.numbers import UpdateTrouble
from sync.wire.update_records import (
    CHUNK_BYTES,
    PART_BYTES,
    ReleaseAnswer,
    ReleaseQuestion,
    UpdateHeld,
    encode_answer,
    version_numbers,
    version_words,
)
from updater.release_file import ANY_MACHINE, Manifest, ReleaseRefused, check_wheels, read_head
from updater.successors import grown, read_chain, read_prefix, trusted

OVERDUE_S: Final = 7 * 86_400.0
"""A box that has all of it and says nothing for so long is looked after before others get it."""
_BEFORE_IT_RAN: Final = UpdateTrouble.CARD
_NOTHING: Final[Mapping[str, object]] = {
    "running": "",
    "trial": "",
    "left": "",
    "trouble": 0,
    "told_at": None,
    "offered": "",
    "fetched": "",
}


@dataclass(frozen=True)
class ReleaseView:
    """One release of the shelf; `size` in bytes."""

    version: str
    machine: str
    leaves: str
    size: int
    made_at: str
    changes: str


class Releases:
    """The shelf and the boxes. Threads may share it."""

    name = "release"

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        release_public: bytes | None,
        chain: bytes = b"",
    ) -> None:
        """`release_public`: the first release key; `chain`: the statements on those after it."""
        self._db = database
        self._writer = writer
        self._clock = clock
        self._first = [] if release_public is None else [release_public]
        self._chain = chain
        self.on_refused: Callable[[int, str, float], None] = lambda node, ref, at: None
        """Told, in a job of the writer, which box cannot have a release at all."""

    # -- shelf ------------------------------------------------------------------------------------

    def add(self, data: bytes) -> Manifest:
        """Keep a signed release; raise ReleaseRefused that says why not."""
        if not self._first:
            raise ReleaseRefused(
                "signature",
                "this hub has no release key, so its boxes take nothing: kentongan hub release keys --first",
            )
        file = io.BytesIO(data)
        manifest = read_head(file, self._keys(read_prefix(file)))
        check_wheels(file, manifest)
        if version_words(version_numbers(manifest.version)) != manifest.version:
            raise ReleaseRefused("version", "each number of a version is at most 255")
        name = f"{manifest.version} {manifest.machine}"
        row = {
            "name": name,
            "version": manifest.version,
            "machine": manifest.machine,
            "leaves": manifest.leaves,
            "part": hashlib.sha256(data).digest()[:PART_BYTES],
            "size": len(data),
            "changes": manifest.changes,
            "made_at": manifest.made_at,
            "added_at": self._clock.wall_s(),
        }

        def job() -> None:
            if FleetRelease.select().where(FleetRelease.name == name).exists(self._db):
                raise ReleaseRefused("version", f"version {manifest.version} is here: make a higher one")
            FleetRelease.insert(row).execute(self._db)
            for place, start in enumerate(range(0, len(data), CHUNK_BYTES)):
                part = {"release": name, "place": place, "data": data[start : start + CHUNK_BYTES]}
                FleetReleasePart.insert(part).execute(self._db)

        self._writer.run(job)
        return manifest

    def _keys(self, given: bytes) -> tuple[bytes, ...]:
        """Return the keys that must have signed a release with these statements before it: all that the hub
        knows, or boxes that learn them from this release would refuse the next."""
        if grown(self._first, self._chain, given) != self._chain:
            raise ReleaseRefused(
                "signature",
                "the release names keys that this hub does not know: hub release keys HUB CHAIN first",
            )
        if given != self._chain:
            raise ReleaseRefused(
                "signature",
                "the release lacks the newest statement on keys: scripts/make-release --keys CHAIN",
            )
        return trusted(self._first, read_chain(self._chain)).release

    def shelf(self) -> list[ReleaseView]:
        """Return all releases, the newest first."""
        connect(self._db)
        rows = FleetRelease.select().order_by(FleetRelease.added_at.desc(), FleetRelease.name)
        return [
            ReleaseView(row.version, row.machine, row.leaves, row.size, row.made_at, row.changes)
            for row in rows.execute(self._db)
        ]

    # -- turns of boxes ---------------------------------------------------------------------------

    def answer(self, question: bytes) -> bytes:
        """Return the next part for a box; raise MalformedWire, or SealBroken for no box of this hub."""
        asked = read_question(question)
        check_question(question, key_of_box(self._db, asked.node))
        return encode_answer(self._part_for(asked))

    def _part_for(self, asked: ReleaseQuestion) -> ReleaseAnswer | None:
        row = self._row(asked.node)
        if row is None or not row.offered or row.offered in (row.running, row.trial, row.left):
            return None
        fits = (FleetRelease.version == row.offered) & FleetRelease.machine.in_([asked.machine, ANY_MACHINE])
        release = FleetRelease.select().where(fits).order_by(FleetRelease.machine).first(self._db)
        if release is None:
            if FleetRelease.select().where(FleetRelease.version == row.offered).exists(self._db):
                self._writer.run(lambda: self._is_unfit(asked.node, row.offered))
            return None
        goes_on = bytes(release.part) == asked.part and asked.start <= release.size
        start = asked.start if goes_on else 0
        data = b"" if start == release.size else self._bytes(release.name, start)
        if start + len(data) == release.size:
            self._writer.run(lambda: self._keep(asked.node, fetched=release.version))
        return ReleaseAnswer(version_numbers(release.version), bytes(release.part), release.size, start, data)

    def _is_unfit(self, node: int, version: str) -> None:
        """It is here for other machines alone. The box hears nothing of it, so it cannot say so."""
        row, now = self._row(node), self._clock.wall_s()
        if row is None or row.offered != version:
            return  # a person offered another one meanwhile
        self._keep(node, offered="", left=version, trouble=int(UpdateTrouble.MACHINE), told_at=now)
        self.on_refused(node, ref_of(version), now)

    def _bytes(self, name: str, start: int) -> bytes:
        place, skip = divmod(start, CHUNK_BYTES)
        mine = (FleetReleasePart.release == name) & (FleetReleasePart.place == place)
        return bytes(FleetReleasePart.select().where(mine).get(self._db).data)[skip:]

    # -- what boxes say ---------------------------------------------------------------------------

    def heard(self, node: int, held: UpdateHeld, at: float) -> list[tuple[str, Step]]:
        """Keep what a box said, in the intake's job; return what it means: of which version, which step."""
        running, trial, left = map(version_words, (held.running, held.trial, held.left))
        row = self._row(node)
        decided = {} if row is None or row.offered not in (left, running) else {"offered": ""}
        self._keep(
            node, running=running, trial=trial, left=left, trouble=int(held.trouble), told_at=at, **decided
        )
        if trial:
            return [(ref_of(trial), Step.TRYING)]
        found = [(ref_of(running), Step.CONFIRMED)] if running else []
        if left and held.trouble:
            found.append((ref_of(left), _step_of(held.trouble)))
        return found

    def updates(self, nodes: Collection[int]) -> dict[int, UpdateView]:
        """Return what these boxes said of their versions; those that said nothing are left out."""
        connect(self._db)
        told = FleetUpdate.node.in_(list(nodes)) & FleetUpdate.told_at.is_null(False)
        return {
            int(row.node): UpdateView(
                row.running, row.trial, row.left, UpdateTrouble(row.trouble), float(row.told_at)
            )
            for row in FleetUpdate.select().where(told).execute(self._db)
        }

    def _row(self, node: int) -> Any:
        return FleetUpdate.select().where(FleetUpdate.node == node).first(self._db)

    def _keep(self, node: int, **changes: object) -> None:
        if not FleetUpdate.update(changes).where(FleetUpdate.node == node).execute(self._db):
            put(FleetUpdate, {"node": node, **_NOTHING, **changes}).execute(self._db)

    # -- rollouts ---------------------------------------------------------------------------------

    def overdue_s(self, what: str) -> float:
        """See `RolloutKind.overdue_s`."""
        return OVERDUE_S

    def send(self, node: int, what: str) -> Sent:
        """Let a box fetch a version. One that it left before it takes from a person's hand alone: no other
        word will come of that, nor of one that it runs already."""
        row = self._row(node)
        if row is not None and what == row.running and not row.trial:
            return Sent(ref_of(what), "", Step.CONFIRMED)
        if row is not None and what == row.left and row.trouble != UpdateTrouble.MACHINE:
            return Sent(ref_of(what), row.running, _step_of(UpdateTrouble(row.trouble)))
        if row is not None and what == row.left:  # for another machine; a file for its own may be here now
            self._keep(node, left="", trouble=int(UpdateTrouble.NONE))
        self._keep(node, offered=what, fetched="")
        return Sent(ref_of(what), "" if row is None else row.running)

    def undo(self, node: int, before: str) -> None:
        """Offer a signed way back to what the box ran, if there is one; else it is to fetch nothing more."""
        row = self._row(node)
        running = "" if row is None else row.running
        back = (FleetRelease.version == before) & (FleetRelease.leaves == running)
        there = bool(before) and FleetRelease.select().where(back).exists(self._db)
        self._keep(node, offered=before if there else "", fetched="")

    def takes_none(self, since: Mapping[int, float], heard_at: Mapping[int, float]) -> Sequence[int]:
        """Return which of these boxes have no updater: one that has tells its version by any carrier. These
        were still heard a week after the offer and never did."""
        told = self.updates(since)
        return [
            node
            for node, at in since.items()
            if node not in told and heard_at.get(node, 0.0) - at > OVERDUE_S
        ]

    def arrived(self, refs: Mapping[int, str]) -> Sequence[int]:
        """Return which of these boxes were handed all of what they may have."""
        rows = FleetUpdate.select().where(FleetUpdate.fetched != "").execute(self._db)
        return [int(row.node) for row in rows if refs.get(int(row.node)) == ref_of(row.fetched)]


def _step_of(trouble: UpdateTrouble) -> Step:
    """Return what it means for a rollout that a box left a version."""
    return Step.REFUSED if trouble <= _BEFORE_IT_RAN else Step.WENT_BACK


def ref_of(version: str) -> str:
    """Return how a rollout names a release."""
    return f"release {version}"
