"""What a duress code shows, and what is sent under it: an ordinary receipt that does not give itself away.

Its ladder is the real report's own, so that code and pictures agree and nothing moves faster than the truth.
What is sent under it is never sealed and never leaves. Rows under the duress code's `find` say that it was
sent and how far such a thing would be; no text, picture or reason of it is kept.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sync.storage.writer import GroupCommitWriter, StorageError
from sync.wire.control_records import FIND_BYTES
from sync.wire.numbers import UpRecord
from village_node.log import NodeLog
from village_node.models import Attached, FollowUp, Step
from village_node.receipt_rows import STEP_ON_ITS_WAY, STEP_READ, STEP_RECEIVED, STEP_SAVED
from village_node.services import Answer, FilesState, FollowUpView, LadderStep, ReceiptView
from village_node.timekeeping import Stamp, TimeKeeper

HARMLESS_ANSWER = "Terima kasih atas usul Anda. Kegiatan kebersihan akan dibicarakan di musyawarah desa."
Ladder = Callable[[dict[int, Stamp]], tuple[LadderStep, ...]]


@dataclass(frozen=True)
class HubContact:
    """The latest question of this box that the hub answered: when it was asked and when the answer came, on
    the monotonic clock. What had left before `asked_at` would be at the hub."""

    asked_at: float
    heard_at: float


class UnderDuress:
    """What was sent under duress codes, and how it looks. Threads may share it."""

    def __init__(
        self,
        *,
        database: Any,
        writer: GroupCommitWriter,
        log: NodeLog,
        times: TimeKeeper,
        contact: Callable[[], HubContact | None] = lambda: None,
        longest_wait_s: float = 0.0,
        has_internet: bool = False,
    ) -> None:
        """`longest_wait_s`: how long something taken may lie here before it is offered to the link."""
        self._db = database
        self._writer = writer
        self._log = log
        self._times = times
        self._contact = contact
        self._longest_wait_s = longest_wait_s
        self._has_internet = has_internet

    def view(self, find: bytes, real_find: bytes, ladder: Ladder) -> ReceiptView:
        """Return what the duress code with this `find` shows of the report with `real_find`."""
        self._move_on(find)
        real = ladder(self._log.steps(real_find))
        read = real[STEP_READ]
        # Somebody thanks for the suggestion when somebody has read.
        answers = (Answer(HARMLESS_ANSWER, False, read.age_s),) if read.reached else ()
        sent = tuple(
            FollowUpView(
                kind == UpRecord.WITHDRAWAL, ladder(steps)[: STEP_RECEIVED + 1], self._files(key, steps)
            )
            for kind, key, steps in self._log.follow_ups(find)
        )
        return ReceiptView(real, answers, sent, self._log.files_state(real_find))

    def keep(self, find: bytes, kind: UpRecord, *, with_files: bool) -> None:
        """Commit that something was sent under a duress code. Raises StorageError."""
        key, stamp = secrets.token_bytes(FIND_BYTES), self._times.stamp()

        def job() -> None:
            FollowUp.insert(key=key, find=find, kind=int(kind)).execute(self._db)
            self._reach(key, STEP_SAVED, stamp)
            if with_files:
                Attached.insert(key=key, epoch=b"", first=0, last=0).execute(self._db)

        self._writer.run(job)

    def _move_on(self, find: bytes) -> None:
        """Let what was sent be at the hub where the real thing would be by now."""
        contact = self._contact()
        if contact is None:
            return
        left = self._times.stamp_at(contact.asked_at - self._longest_wait_s)
        heard = self._times.stamp_at(contact.heard_at)
        there = [
            key
            for _, key, steps in self._log.follow_ups(find)
            if STEP_RECEIVED not in steps and _is_before(steps[STEP_SAVED], left)
        ]

        def job() -> None:
            for key in there:
                self._reach(key, STEP_ON_ITS_WAY, heard)
                self._reach(key, STEP_RECEIVED, heard)

        if there:
            with contextlib.suppress(StorageError):  # the page is shown all the same, a step behind
                self._writer.run(job)

    def _files(self, key: bytes, steps: dict[int, Stamp]) -> FilesState:
        if self._log.files_state(key) == "none":
            return "none"
        return "received" if self._has_internet and STEP_RECEIVED in steps else "waiting"

    def _reach(self, key: bytes, step: int, stamp: Stamp) -> None:
        Step.insert(
            find=key, step=step, boot=stamp.boot, mono_s=stamp.mono_s, wall_s=stamp.wall_s
        ).on_conflict_ignore().execute(self._db)


def _is_before(then: Stamp, limit: Stamp) -> bool:
    """Whether something came before an instant of this start; all that an earlier start took did."""
    return then.boot != limit.boot or then.mono_s < limit.mono_s
