"""Payloads on their way into a radio: what waits, what was written, and what the radio said of each.

A payload waits here for seconds only. One that the radio refuses because its queue is full is offered again,
under a new id, because a radio ignores an id that it has seen. When the radio says that it will be silent for
longer, what waits is dropped and no more is taken: the link keeps it instead, where an urgent report still
overtakes and where what has gone another way meanwhile is not sent again. Nothing is ever repeated because an
acknowledgement is missing; see `packet_results`.
"""

from __future__ import annotations

import math
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass

from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.packet_results import (
    DUTY_CYCLE_LIMIT,
    NO_CHANNEL,
    NO_PUBLIC_KEY,
    QUEUE_FULL,
    RADIO_OFF,
    TOO_LARGE,
    PacketResult,
    Verdict,
    error_name,
    result_of_notice,
    result_of_routing,
    result_of_status,
)
from firmware_bridge.queue_pacing import QueuePacing

REMEMBERED_PACKETS = 64
"""Written packets whose result can still be told apart; a radio remembers the last 20 ids of its client."""

KEPT_WHEN_FULL_S = 60.0
"""How long a payload is offered to a full radio. The link may have sent what is older anew."""

SILENCE_S = 60.0
"""How long a radio that is off, or out of its duty cycle without saying for how long, is left alone."""

WHAT_TO_DO = {
    RADIO_OFF: "the radio does not transmit: run `kentongan radio setup`",
    NO_PUBLIC_KEY: (
        "the radio has no public key of the other one: run `kentongan radio setup` for a channel 'serial'"
    ),
    NO_CHANNEL: "the radio has lost the channel that it had: run `kentongan radio setup`",
}
"""Why a radio refuses packets -> what a person should know."""


@dataclass(frozen=True)
class Outbound:
    """A payload for radio number `to`, taken at `since_s`."""

    payload: bytes
    to: int
    since_s: float


@dataclass
class _Written:
    outbound: Outbound
    verdict: Verdict | None = None


class SendingQueue:
    """See the module. `places` payloads wait here at most; times are monotonic seconds.

    With `radio_repeats` (packets that want an acknowledgement) a radio with a full queue tries again itself.
    """

    def __init__(self, places: int, *, radio_repeats: bool) -> None:
        self.dropped = 0
        """Payloads that were taken and then not sent."""
        self.largest_bytes: int | None = None
        """The largest payload, where the radio has refused one as too large; else None."""
        self._places = places
        self._radio_repeats = radio_repeats
        self._pacing = QueuePacing()
        self._waiting: deque[Outbound] = deque()
        self._again: deque[Outbound] = deque()
        self._written: OrderedDict[int, _Written] = OrderedDict()
        self._silent_until_s = 0.0
        self._refusal: tuple[int, int] | None = None

    def __len__(self) -> int:
        """Return how many payloads wait."""
        return len(self._again) + len(self._waiting)

    def is_silent(self, now: float) -> bool:
        """Tell whether the radio has said that it does not send for now."""
        return now < self._silent_until_s

    def has_room(self, now: float) -> bool:
        """Tell whether one more payload may wait."""
        return len(self) < self._places and not self.is_silent(now)

    def offer(self, payload: bytes, to: int, now: float) -> None:
        """Let a payload wait; ask `has_room` first."""
        self._waiting.append(Outbound(payload, to, now))

    def next_packet(self, now: float) -> tuple[int, Outbound] | None:
        """Return a fresh packet id and the payload to write under it; None while the radio has no place."""
        if not len(self) or self.is_silent(now) or not self._pacing.may_send(now):
            return None
        outbound = (self._again or self._waiting).popleft()
        packet_id = self._fresh_id()
        self._written[packet_id] = _Written(outbound)
        if len(self._written) > REMEMBERED_PACKETS:
            self._written.popitem(last=False)
        self._pacing.on_packet(packet_id)
        return packet_id, outbound

    def free_places(self, now: float) -> int | None:
        """Return the places that the radio should have left after what waits here, None if it never told."""
        if self.is_silent(now):
            return 0
        free = self._pacing.reported_free
        return None if free is None else max(0, free - len(self))

    def problem(self, now: float) -> str | None:
        """Return why the radio refuses packets and what to do, in one line, or None when it does not."""
        if self._refusal is not None:
            error, _ = self._refusal
            if error == DUTY_CYCLE_LIMIT:
                return self._duty_cycle_words(now)
            return WHAT_TO_DO.get(error) or (
                f"the radio refuses packets ({error_name(error)}): switch it off and on; renew its firmware "
                "if that does not help"
            )
        if self.largest_bytes is not None:
            return (
                f"the radio takes only {self.largest_bytes} bytes in a packet: run `kentongan radio setup` "
                "for a channel 'serial'"
            )
        return None

    def _duty_cycle_words(self, now: float) -> str | None:
        minutes = math.ceil((self._silent_until_s - now) / 60)
        if minutes <= 0:
            return None
        return f"the radio has used up its duty cycle: it sends again in {minutes} min"

    def lose_all(self) -> None:
        """Drop what waits and forget what was written: the radio has restarted."""
        self._drop_waiting()
        self._written.clear()
        self._pacing = QueuePacing()
        self._silent_until_s = 0.0
        self._refusal = None

    # What the radio says

    def on_heartbeat(self) -> None:
        """Note that a heartbeat was written, which the radio answers with a queue status."""
        self._pacing.on_heartbeat()

    def on_queue_status(self, status: mesh_pb2.QueueStatus, now: float) -> None:
        """Take in free places, and the result of the packet that the status is about."""
        result = result_of_status(status)
        # A radio that has just refused a packet has no place, whatever it says: else the two would spin.
        is_full = result is not None and result.error == QUEUE_FULL
        self._pacing.on_report(0 if is_full else status.free, status.mesh_packet_id, now)
        self._settle(result, now)

    def on_routing(self, packet: mesh_pb2.MeshPacket, own_number: int, now: float) -> None:
        """Take in an acknowledgement or NAK of a packet of ours; others are ignored."""
        written = self._written.get(packet.decoded.request_id)
        if written is not None:
            self._settle(result_of_routing(packet, own_number, written.outbound.to), now)

    def on_notice(self, notice: mesh_pb2.ClientNotification, now: float) -> None:
        """Take in how long the duty cycle keeps the radio silent; other notices are ignored."""
        result = result_of_notice(notice)
        if result is not None and result.minutes is not None:
            self._settle(result, now)
            self._be_silent(DUTY_CYCLE_LIMIT, now + 60.0 * result.minutes)

    def verdict(self, packet_id: int) -> Verdict | None:
        """Return the last that the radio said of a packet, None for nothing yet or for an unknown one."""
        written = self._written.get(packet_id)
        return written.verdict if written is not None else None

    def _settle(self, result: PacketResult | None, now: float) -> None:
        written = self._written.get(result.packet_id) if result is not None else None
        if result is None or written is None or written.verdict in (Verdict.REFUSED, Verdict.DELIVERED):
            return
        if result.verdict in (Verdict.TAKEN, Verdict.REFUSED) and written.verdict not in (
            None,
            Verdict.TAKEN,
        ):
            return  # it has been on the air
        written.verdict = result.verdict
        if result.verdict is Verdict.REFUSED:
            self._refused(written.outbound, result.error, now)
        elif result.verdict is Verdict.TAKEN:
            self._accepted(written.outbound)

    def _accepted(self, outbound: Outbound) -> None:
        if self._refusal is None:
            return
        error, to = self._refusal
        # A key is missing for one destination; packets to others prove nothing about it.
        if error != NO_PUBLIC_KEY or to == outbound.to:
            self._refusal = None

    def _refused(self, outbound: Outbound, error: int, now: float) -> None:
        if error == QUEUE_FULL:
            self._offer_again(outbound, now)
            return
        self.dropped += 1
        if error == TOO_LARGE:
            fits = len(outbound.payload) - 1
            self.largest_bytes = fits if self.largest_bytes is None else min(self.largest_bytes, fits)
            return
        self._refusal = (error, outbound.to)
        if error in (DUTY_CYCLE_LIMIT, RADIO_OFF):
            self._be_silent(error, now + SILENCE_S)

    def _offer_again(self, outbound: Outbound, now: float) -> None:
        if self._radio_repeats:
            return
        if now - outbound.since_s < KEPT_WHEN_FULL_S:
            self._again.append(outbound)
        else:
            self.dropped += 1

    def _be_silent(self, error: int, until_s: float) -> None:
        self._refusal = (error, 0)
        self._silent_until_s = max(self._silent_until_s, until_s)
        self._drop_waiting()

    def _drop_waiting(self) -> None:
        self.dropped += len(self)
        self._again.clear()
        self._waiting.clear()

    def _fresh_id(self) -> int:
        while (packet_id := secrets.randbelow(0xFFFFFFFF) + 1) in self._written:
            pass
        return packet_id
