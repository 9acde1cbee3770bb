"""What the office says of a box: its fingerprint was compared by voice, or it counts no more."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import peewee

from hub.audit.log import AuditLog
from hub.models import Down, Node
from hub.services import SignedIn
from sync.errors import SealBroken
from sync.sealing.derivation import spoken_fingerprint
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_DIGITS = frozenset("0123456789")


class BoxRefused(Exception):
    """Nothing was changed; the text says what to do. `why` is "unknown", "short", "silent" or "other"."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        super().__init__(text)


def mark_compared(
    database: Any,
    writer: GroupCommitWriter,
    audit: AuditLog,
    number: int,
    *,
    heard: str,
    by: SignedIn | str,
    now_s: float,
) -> None:
    """Note that the fingerprint which somebody read out at the box is that of the box which the hub bound.

    `heard` is what was read out, with or without spaces. Raises BoxRefused when it is another, or when no box
    spoke yet.
    """

    def job() -> None:
        node = _in_use(database, number)
        if node.static_public is None:
            raise BoxRefused("silent", f"node {number} has not spoken yet: there is nothing to compare")
        told = spoken_fingerprint(bytes(node.static_public))
        digits, expected = ("".join(c for c in text if c in _DIGITS) for text in (heard, told))
        if len(digits) != len(expected):
            # Somebody misheard: another box would have as many.
            raise BoxRefused("short", f"a fingerprint has {len(expected)} digits: have it read out again")
        if not hmac.compare_digest(digits, expected):
            raise BoxRefused(
                "other",
                f"that is not the fingerprint of node {number}: have it read out again; if it still differs, "
                "another box used the enrolment: kentongan hub revoke, then enrol anew",
            )
        audit.note(by, "box compared", f"node {number}")
        name = by if isinstance(by, str) else by.name
        Node.update(compared_at=int(now_s), compared_by=name).where(Node.number == number).execute(database)

    writer.run(job)


def revoke(
    database: Any,
    writer: GroupCommitWriter,
    audit: AuditLog,
    number: int,
    *,
    by: SignedIn | str,
    now_s: float,
    reason: str = "",
) -> None:
    """Let a box count no more: it was stolen, or its enrolment was. Raises BoxRefused.

    What it sent before stays. Of an enrolment that no box used the key is gone at once; that of a box stays,
    for it opens what is kept here as it came.
    """

    def job() -> None:
        # Asked here and not before: a box may be bound meanwhile.
        unused = _in_use(database, number).static_public is None
        audit.note(by, "box revoked", f"node {number}", reason)
        changes: dict[str, object] = {"retired": True, "revoked_at": int(now_s)}
        if unused:
            changes["psk"] = secrets.token_bytes(32)
        Node.update(**changes).where(Node.number == number).execute(database)
        send_no_more(database, Node.number == number)

    writer.run(job)


def send_no_more(database: Any, boxes: Any) -> None:
    """Let what waits for boxes leave the air, in the job that retired them: see `HubDesk`."""
    numbers = Node.select(Node.number).where(boxes)
    last = int(Down.select(peewee.fn.MAX(Down.changed)).scalar(database) or 0)
    waiting = ~Down.delivered & Down.node.in_(numbers)
    Down.update(changed=last + 1).where(waiting).execute(database)


def key_of_box(database: Any, number: int) -> bytes:
    """Return the pre-shared key of a box in use, under which it asks outside of its bundles; raise SealBroken
    for any other number. Doors count as retired."""
    connect(database)
    node = Node.select(Node.psk).where((Node.number == number) & ~Node.retired).first(database)
    if node is None:
        raise SealBroken("no node of this hub asks")
    return bytes(node.psk)


def _in_use(database: Any, number: int) -> Any:
    connect(database)
    usable = (Node.number == number) & ~Node.retired & ~Node.door
    node = Node.select().where(usable).first(database)
    if node is None:
        raise BoxRefused("unknown", f"no box in use has the number {number} (see kentongan hub nodes DIR)")
    return node
