"""Messages that lie on the SIM card: joined from their parts, told once, and kept until they may be deleted.

Nothing here touches a modem or a disk. A message stays on the card until its owner says that it is safe.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from firmware_bridge.sms_pdu import (
    Deliver,
    MalformedPdu,
    Part,
    StatusReport,
    Unreadable,
    decode_received,
    text_of_ucs2,
)

PARTS_WAIT_S = 1800.0
"""So long after the last part that came the missing ones are given up."""

PARTS_WAIT_FULL_S = 60.0
"""The same while the card is full: the missing parts may have no place to come to."""

GAP = " [...] "
"""Stands in a text where a part is missing."""

REMEMBERED = 1000
"""Messages told whose ids are kept: one that the network delivers again after it was deleted is known."""


@dataclass(frozen=True)
class ReceivedSms:
    """A message with all its parts, or, after a wait, with `missing_parts` gaps.

    `received_at` is the service centre's time in Unix seconds, None where it gave none. `message_class` 0 is
    one that phones show at once and do not keep. `sender` never goes into a log, an error or a file.
    """

    message_id: str
    sender: str
    text: str
    received_at: int | None
    is_alphanumeric: bool = False
    missing_parts: int = 0
    message_class: int | None = None

    def __repr__(self) -> str:
        """Return nothing of what it holds: this ends up in logs."""
        return f"ReceivedSms({self.message_id})"


@dataclass(frozen=True)
class RefusedSms:
    """A message that cannot be read; `reason` says why, `sender` is empty where that is unknown too."""

    message_id: str
    sender: str
    reason: str
    is_alphanumeric: bool = False

    def __repr__(self) -> str:
        """Return nothing of what it holds but the reason."""
        return f"RefusedSms({self.message_id}, {self.reason})"


Incoming = ReceivedSms | RefusedSms


@dataclass
class _Group:
    """Parts of one long message: number -> (digest, what it says)."""

    total: int
    last_s: float
    parts: dict[int, tuple[str, Deliver]] = field(default_factory=dict)


@dataclass
class _Told:
    """What was told under an id: the digests of its PDUs."""

    digests: frozenset[str]
    may_go: bool = False


class SmsInbox:
    """Slots of the card in, events out, slots to delete out. `key` (32 bytes) makes the ids.

    With the same key a message that still lies on the card after a restart gets the same id again.
    """

    def __init__(self, key: bytes) -> None:
        self.events: list[Incoming] = []
        self.is_full = False
        self._key = key
        self._slots: dict[int, str] = {}
        self._groups: dict[tuple[str, Part], _Group] = {}
        self._seen: set[str] = set()
        self._told: OrderedDict[str, _Told] = OrderedDict()
        self._owner: dict[str, str] = {}
        self._junk: set[str] = set()

    def take_listing(self, listing: dict[int, bytes], now: float) -> None:
        """Take the whole card as it is now: slot -> PDU."""
        self._slots = {}
        for slot, pdu in sorted(listing.items()):
            self.take(slot, pdu, now)
        gone = self._junk - set(self._slots.values())
        self._junk -= gone
        self._seen -= gone

    def take(self, slot: int | None, pdu: bytes, now: float) -> None:
        """Take one message in a slot of the card, or one that was never stored (None)."""
        digest = hashlib.blake2b(pdu, key=self._key, digest_size=16).hexdigest()
        if slot is not None:
            self._slots[slot] = digest
        if digest in self._seen:
            return  # told, waiting for its other parts, or on its way out
        self._seen.add(digest)
        try:
            message = decode_received(pdu)
        except MalformedPdu as problem:
            self._tell(RefusedSms(digest, "", str(problem)), {digest})
            return
        if isinstance(message, StatusReport) or message.unreadable is Unreadable.DATA:
            self._junk.add(digest)  # nobody wrote it to be read: it may go at once
        elif message.unreadable is not None:
            refused = RefusedSms(digest, message.sender, message.unreadable.value, message.is_alphanumeric)
            self._tell(refused, {digest})
        elif message.part is None:
            self._tell(_received(digest, message, message.text), {digest})
        else:
            self._take_part(message, message.part, digest, now)

    def forget(self, message_id: str) -> None:
        """Let a message go: it is safe elsewhere. An unknown id is ignored."""
        if message_id in self._told:
            self._told[message_id].may_go = True

    def slots_to_delete(self) -> list[int]:
        """Return the slots that may be deleted now; they stay listed until `deleted` is called."""
        return [slot for slot, digest in sorted(self._slots.items()) if self._may_go(digest)]

    def holds(self, slot: int, pdu: bytes) -> bool:
        """Return whether a slot holds just this message, which may be deleted."""
        digest = hashlib.blake2b(pdu, key=self._key, digest_size=16).hexdigest()
        return self._slots.get(slot) == digest and self._may_go(digest)

    def deleted(self, slot: int) -> None:
        """Take note that a slot is free."""
        self._slots.pop(slot, None)

    def next_timer_at(self) -> float:
        """Return when `handle_timers` is due."""
        return min((group.last_s for group in self._groups.values()), default=float("inf")) + self._wait_s

    def handle_timers(self, now: float) -> None:
        """Give up parts that did not come: the message is told with gaps."""
        for key in [k for k, group in self._groups.items() if now >= group.last_s + self._wait_s]:
            self._tell_group(key)

    @property
    def _wait_s(self) -> float:
        return PARTS_WAIT_FULL_S if self.is_full else PARTS_WAIT_S

    def _may_go(self, digest: str) -> bool:
        told = self._told.get(self._owner.get(digest, ""))
        return digest in self._junk or (told is not None and told.may_go)

    def _take_part(self, message: Deliver, part: Part, digest: str, now: float) -> None:
        # The same reference, sender and total make one message. Class and alphabet may differ by part.
        key = (message.sender, Part(part.reference, part.total, 0, part.wide_reference))
        group = self._groups.setdefault(key, _Group(part.total, now))
        if part.number in group.parts:
            if _same_text(group.parts[part.number][1], message):
                self._junk.add(digest)  # the network sent it twice, with another time
                return
            self._tell_group(key)  # the sender's counter came round: an earlier one was never whole
            group = self._groups.setdefault(key, _Group(part.total, now))
        group.parts[part.number] = (digest, message)
        group.last_s = now
        if len(group.parts) == group.total:
            self._tell_group(key)

    def _tell_group(self, key: tuple[str, Part]) -> None:
        group = self._groups.pop(key)
        numbers = sorted(group.parts)
        digests = [group.parts[number][0] for number in numbers]
        first = group.parts[numbers[0]][1]
        message_id = digests[0]
        missing = group.total - len(numbers)
        self._tell(_received(message_id, first, _joined(group), missing), set(digests))

    def _tell(self, event: Incoming, digests: set[str]) -> None:
        self.events.append(event)
        self._told[event.message_id] = _Told(frozenset(digests))
        for digest in digests:
            self._owner[digest] = event.message_id
        while len(self._told) > REMEMBERED:
            self._forget_told(next(iter(self._told)))

    def _forget_told(self, message_id: str) -> None:
        for digest in self._told.pop(message_id).digests:
            self._owner.pop(digest, None)
            self._seen.discard(digest)


def _received(message_id: str, message: Deliver, text: str, missing: int = 0) -> ReceivedSms:
    return ReceivedSms(
        message_id,
        message.sender,
        text,
        message.sent_at,
        message.is_alphanumeric,
        missing,
        message.message_class,
    )


def _same_text(one: Deliver, other: Deliver) -> bool:
    return (one.text, one.ucs2) == (other.text, other.ucs2)


def _joined(group: _Group) -> str:
    """Return the text of the parts that came; neighbours in UCS-2 are joined before they are read."""
    pieces: list[str] = []
    run = b""
    for number in range(1, group.total + 2):
        part = group.parts[number][1] if number in group.parts else None
        if part is not None and part.ucs2 is not None:
            run += part.ucs2
            continue
        if run:
            pieces.append(text_of_ucs2(run))
            run = b""
        if part is not None:
            pieces.append(part.text)
        elif number <= group.total and (not pieces or pieces[-1] != GAP):
            pieces.append(GAP)
    return "".join(pieces).strip()
