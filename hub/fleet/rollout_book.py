"""Keeps rollouts and carries them on: looks every ten minutes, and whenever a box says something.

Implements `rollout_services.RolloutServices`. What is rolled out is the affair of a `RolloutKind`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from hub.accounts.areas import sees
from hub.fleet.models import FleetRollout, FleetRolloutBox
from hub.fleet.rollout_services import (
    REASON_MAX_CHARACTERS,
    BoxInRollout,
    Choice,
    RolloutKind,
    RolloutRefused,
    RolloutView,
)
from hub.fleet.rollouts import (
    FAILED,
    Condition,
    Look,
    RolloutBox,
    Step,
    heard,
    look,
    planned,
    sent,
    takes_none,
    to_undo,
)
from hub.link_days import LinkDays
from hub.models import Node
from hub.services import SignedIn
from hub.storage.statements import insert_rows
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

LOOK_EVERY_S: Final = 600
MOST_BOXES_SHOWN: Final = 200
_CHUNK: Final = 500
_OPEN: Final = (Condition.RUNNING.value, Condition.HALTED.value)
Note = Callable[[SignedIn | str, str, str, str], object]


class RolloutBook:
    """The rollouts in the database. Threads may share it."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, clock: Clock, links: LinkDays, note: Note
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._links = links
        self._note = note
        self.kinds: dict[str, RolloutKind] = {}

    def jobs(self) -> list[Job]:
        """Return the look at all that is not over."""
        return [Job("rollouts", LOOK_EVERY_S, self.turn)]

    # -- beginning and ending ---------------------------------------------------------------------

    def begin(self, kind: str, what: str, choice: Choice, reason: str, *, who: SignedIn | str) -> int:
        """See `RolloutServices.begin`."""
        reason = _checked_reason(reason)
        contacts = self._links.contacts()

        def job() -> int:
            boxes = self._chosen(choice, who)
            if not boxes or (choice.first is not None and choice.first not in boxes):
                raise RolloutRefused("boxes", "no box of that choice is in use and has spoken")
            self._refuse_busy(kind, list(boxes))

            def last_heard(node: int) -> tuple[bool, float, int]:
                return node != choice.first, -max(contacts.get(node, {}).values(), default=0.0), node

            now = self._clock.wall_s()
            number = int(
                FleetRollout.insert(
                    kind=kind,
                    what=what,
                    whom=choice.in_words(),
                    reason=reason,
                    made_by=who if isinstance(who, str) else who.name,
                    made_at=now,
                    condition=Condition.RUNNING.value,
                ).execute(self._db)
            )
            rows = [
                {
                    "rollout": number,
                    "node": box.node,
                    "village": boxes[box.node][0],
                    "village_name": boxes[box.node][1],
                    "stage": box.stage,
                    "step": box.step.value,
                    "since": now,
                    "left_out": False,
                    "ref": "",
                    "before": "",
                }
                for box in planned(sorted(boxes, key=last_heard))
            ]
            for start in range(0, len(rows), _CHUNK):
                insert_rows(self._db, FleetRolloutBox, rows[start : start + _CHUNK])
            self._note(who, "rollout begun", f"rollout {number}", reason)
            self._carry_on(self._row(number))
            return number

        return self._writer.run(job)

    def _chosen(self, choice: Choice, who: SignedIn | str) -> dict[int, tuple[str, str]]:
        query = Node.select(Node.number, Node.village, Node.village_name).where(
            ~Node.retired & ~Node.door & Node.static_public.is_null(False) & sees(who, Node.village)
        )
        if choice.area:
            query = query.where((Node.village == choice.area) | Node.village.startswith(f"{choice.area}."))
        if choice.nodes:
            query = query.where(Node.number.in_(list(choice.nodes)))
        found = {int(number): (str(v), str(n)) for number, v, n in query.tuples().execute(self._db)}
        return found if set(choice.nodes) <= set(found) else {}

    def _refuse_busy(self, kind: str, nodes: Sequence[int]) -> None:
        under_way = FleetRollout.select(FleetRollout.id).where(
            (FleetRollout.kind == kind) & FleetRollout.condition.in_(_OPEN)
        )
        for start in range(0, len(nodes), _CHUNK):
            these = FleetRolloutBox.node.in_(nodes[start : start + _CHUNK])
            row = (
                FleetRolloutBox.select()
                .where(FleetRolloutBox.rollout.in_(under_way) & these & ~FleetRolloutBox.left_out)
                .first(self._db)
            )
            if row is not None:
                raise RolloutRefused(
                    "busy", f"box {row.node} is in rollout {row.rollout}: wait until it is over, or stop it"
                )

    def stop(self, number: int, reason: str, *, who: SignedIn | str) -> None:
        """See `RolloutServices.stop`."""
        reason = _checked_reason(reason)

        def job() -> None:
            row = self._seen(number, who)
            if row.condition not in _OPEN:
                raise RolloutRefused("ended", "that rollout is over")
            self._end(row, who)
            self._note(who, "rollout stopped", f"rollout {number}", reason)

        self._writer.run(job)

    def undo(self, number: int, reason: str, *, who: SignedIn | str) -> int:
        """See `RolloutServices.undo`."""
        reason = _checked_reason(reason)

        def job() -> int:
            row = self._seen(number, who)
            if row.undone_at is not None:
                raise RolloutRefused("ended", "that rollout was undone")
            rows = self._boxes(number)
            undone = to_undo([_box(box) for box in rows])
            self._refuse_replaced(row, undone)
            kind = self.kinds[row.kind]
            for box in rows:
                if box.node in undone:
                    kind.undo(box.node, box.before)
            if row.condition in _OPEN:
                self._end(row, who)
            FleetRollout.update(undone_at=self._clock.wall_s()).where(FleetRollout.id == number).execute(
                self._db
            )
            self._note(who, "rollout undone", f"rollout {number}", reason)
            return len(undone)

        return self._writer.run(job)

    def _refuse_replaced(self, rollout: Any, nodes: Sequence[int]) -> None:
        """Undoing it would take away from a box what a later rollout brought."""
        later = FleetRollout.select(FleetRollout.id).where(
            (FleetRollout.kind == rollout.kind)
            & (FleetRollout.id > rollout.id)
            & FleetRollout.undone_at.is_null()
        )
        query = FleetRolloutBox.select().where(FleetRolloutBox.rollout.in_(later))
        for box in query.order_by(FleetRolloutBox.id).execute(self._db):
            if box.node in nodes and to_undo([_box(box)]):
                raise RolloutRefused(
                    "newer", f"box {box.node} has what rollout {box.rollout} brought: undo that one first"
                )

    def leave_out(self, number: int, node: int, reason: str, *, who: SignedIn | str) -> None:
        """See `RolloutServices.leave_out`."""
        reason = _checked_reason(reason)

        def job() -> None:
            row = self._seen(number, who)
            if row.condition not in _OPEN:
                raise RolloutRefused("ended", "that rollout is over")
            mine = (FleetRolloutBox.rollout == number) & (FleetRolloutBox.node == node)
            if not FleetRolloutBox.update(left_out=True).where(mine).execute(self._db):
                raise RolloutRefused("unknown", f"box {node} is not in rollout {number}")
            self._note(who, "rollout box left out", f"rollout {number}, node {node}", reason)
            self._carry_on(row)

        self._writer.run(job)

    def _end(self, row: Any, who: SignedIn | str) -> None:
        name = who if isinstance(who, str) else who.name
        changes = {
            "condition": Condition.STOPPED.value,
            "ended_at": self._clock.wall_s(),
            "ended_by": name,
        }
        FleetRollout.update(changes).where(FleetRollout.id == row.id).execute(self._db)

    # -- carrying on ------------------------------------------------------------------------------

    def word(self, node: int, ref: str, step: Step, at: float) -> None:
        """A box said what became of what it was sent; in a job of the writer."""
        mine = (FleetRolloutBox.node == node) & (FleetRolloutBox.ref == ref)
        for row in list(FleetRolloutBox.select().where(mine).execute(self._db)):
            if self._keep(row, heard(_box(row), step, at)):
                rollout = self._row(row.rollout)
                if rollout.condition in _OPEN:
                    self._carry_on(rollout)

    def turn(self) -> None:
        """Look at all that is not over."""
        connect(self._db)
        query = FleetRollout.select(FleetRollout.id).where(FleetRollout.condition.in_(_OPEN))
        numbers = [number for (number,) in query.tuples().execute(self._db)]
        contacts = self._links.contacts() if numbers else {}
        heard_at = {node: max(ways.values(), default=0.0) for node, ways in contacts.items()}
        for number in numbers:
            self._writer.run(partial(self._turn, number, heard_at))

    def _turn(self, number: int, heard_at: Mapping[int, float]) -> None:
        row, now = self._row(number), self._clock.wall_s()
        if row.condition not in _OPEN:
            return
        boxes = self._boxes(number)
        gone = self._out_of_use([box.node for box in boxes])
        for box in boxes:
            if box.node in gone and not box.left_out:
                FleetRolloutBox.update(left_out=True).where(FleetRolloutBox.id == box.id).execute(self._db)
        refs = {box.node: box.ref for box in boxes if box.step == Step.SENT.value}
        since = {box.node: float(box.since) for box in boxes if box.node in refs}
        kind = self.kinds[row.kind]
        arrived = set(kind.arrived(refs)) if refs else set()
        without = set(kind.takes_none(since, heard_at)) if refs else set()
        for box in boxes:
            if box.node in arrived:
                self._keep(box, heard(_box(box), Step.ARRIVED, now))
            elif box.node in without:
                self._keep(box, takes_none(_box(box), now))
        self._carry_on(row)

    def _out_of_use(self, nodes: Sequence[int]) -> set[int]:
        in_use = Node.select(Node.number).where(~Node.retired)
        return set(nodes) - {int(number) for (number,) in in_use.tuples().execute(self._db)}

    def _carry_on(self, row: Any) -> None:
        now, rows = self._clock.wall_s(), self._boxes(row.id)
        found = self._look(row, [_box(box) for box in rows], now)
        kind = self.kinds[row.kind]
        known = False
        for box in rows:
            if box.node in found.begin:
                queued = kind.send(box.node, row.what)
                begun = sent(_box(box), now)
                if queued.said is not None:
                    begun, known = heard(begun, queued.said, now), True
                self._keep(box, begun, ref=queued.ref, before=queued.before)
        if known:
            self._carry_on(row)  # it may be the turn of others now
            return
        if found.condition.value != row.condition:
            changes: dict[str, object] = {"condition": found.condition.value}
            if found.condition is Condition.DONE:
                changes["ended_at"] = now
            FleetRollout.update(changes).where(FleetRollout.id == row.id).execute(self._db)

    def _look(self, row: Any, boxes: Sequence[RolloutBox], now: float) -> Look:
        overdue_s = self.kinds[row.kind].overdue_s(row.what)
        stopped = row.condition == Condition.STOPPED.value
        return look(boxes, stopped=stopped, now=now, overdue_s=overdue_s)

    def _keep(self, row: Any, box: RolloutBox, **more: object) -> bool:
        if box == _box(row) and not more:
            return False
        changes = {"step": box.step.value, "since": box.since, **more}
        FleetRolloutBox.update(changes).where(FleetRolloutBox.id == row.id).execute(self._db)
        return True

    # -- reading ----------------------------------------------------------------------------------

    def halting(self) -> set[int]:
        """Return the boxes that halt a rollout now."""
        connect(self._db)
        query = FleetRollout.select().where(FleetRollout.condition == Condition.HALTED.value)
        found: set[int] = set()
        for row in list(query.execute(self._db)):
            boxes = [_box(box) for box in self._boxes(row.id)]
            found.update(self._look(row, boxes, self._clock.wall_s()).halted_by)
        return found

    def several(
        self, *, who: SignedIn | str, before: int | None = None, limit: int = 50
    ) -> Sequence[RolloutView]:
        """See `RolloutServices.several`."""
        connect(self._db)
        query = FleetRollout.select().where(FleetRollout.id.not_in(self._unseen(who)))
        if before is not None:
            query = query.where(FleetRollout.id < before)
        rows = query.order_by(FleetRollout.id.desc()).limit(limit).execute(self._db)
        return [self._view(row, with_boxes=False) for row in list(rows)]

    def one(self, number: int, *, who: SignedIn | str) -> RolloutView:
        """See `RolloutServices.one`."""
        connect(self._db)
        return self._view(self._seen(number, who), with_boxes=True)

    def _view(self, row: Any, *, with_boxes: bool) -> RolloutView:
        rows = self._boxes(row.id)
        boxes = [_box(box) for box in rows]
        found = self._look(row, boxes, self._clock.wall_s())
        is_open = row.condition in _OPEN
        shown = sorted(
            rows, key=lambda b: (b.step not in FAILED, b.step == Step.WAITING.value, b.stage, b.node)
        )
        return RolloutView(
            number=int(row.id),
            kind=row.kind,
            what=row.what,
            whom=row.whom,
            reason=row.reason,
            made_by=row.made_by,
            made_at=row.made_at,
            condition=found.condition if is_open else Condition(row.condition),
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            undone_at=row.undone_at,
            stage=found.stage,
            stages=1 + max((box.stage for box in boxes), default=-1),
            steps=Counter(box.step for box in boxes),
            halted_by=found.halted_by if is_open else (),
            boxes=tuple(
                BoxInRollout(_box(box), box.village, box.village_name) for box in shown[:MOST_BOXES_SHOWN]
            )
            if with_boxes
            else (),
        )

    def _row(self, number: int) -> Any:
        return FleetRollout.select().where(FleetRollout.id == number).first(self._db)

    def _boxes(self, number: int) -> list[Any]:
        query = FleetRolloutBox.select().where(FleetRolloutBox.rollout == number)
        return list(query.order_by(FleetRolloutBox.stage, FleetRolloutBox.id).execute(self._db))

    def _seen(self, number: int, who: SignedIn | str) -> Any:
        row = self._row(number)
        if row is None or self._unseen(who).where(FleetRolloutBox.rollout == number).exists(self._db):
            raise RolloutRefused("unknown", "there is no rollout with that number")
        return row

    @staticmethod
    def _unseen(who: SignedIn | str) -> Any:
        """Return the rollouts with a box that an account may not see."""
        return FleetRolloutBox.select(FleetRolloutBox.rollout).where(~sees(who, FleetRolloutBox.village))


def _box(row: Any) -> RolloutBox:
    return RolloutBox(int(row.node), int(row.stage), Step(row.step), float(row.since), bool(row.left_out))


def _checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > REASON_MAX_CHARACTERS:
        raise RolloutRefused("reason", f"give a reason of at most {REASON_MAX_CHARACTERS} characters")
    return reason
