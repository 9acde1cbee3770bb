"""What the node's end of the link knows: epochs, what waits, what it asked; and what its owner tells it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.identifiers import BROADCAST, EnvelopeId, Lane
from sync.link.budget import AirtimeBudget, Politeness
from sync.link.bursts import Planned
from sync.link.chance import Chance
from sync.link.conversation import Conversation, Pending
from sync.link.events import NodeEvent
from sync.link.fragments import Assembly
from sync.link.loss import LossEstimate
from sync.link.ranges import RangeSet
from sync.link.retry import RetryTimer
from sync.link.settings import LinkSettings
from sync.sealing.downlink import StaticKeys
from sync.wire.frame_blocks import EpochBlock


@dataclass(frozen=True)
class AskedPoll:
    """A question to the hub: of which epoch, when, and in which frame; -1 when another carrier asked."""

    epoch: bytes
    at: float
    frame_number: int


class NodeState:
    """The fields of one node's side of the link. Not thread-safe: one thread owns it."""

    def __init__(
        self,
        *,
        keys: StaticKeys,
        payload_limit: Callable[[], int],
        airtime_ms: Callable[[int], float],
        rng: Chance,
        now: float,
        settings: LinkSettings | None = None,
        generation: int = 0,
        down_seen: RangeSet | None = None,
        peer: int = BROADCAST,
        bound: bool = False,
        utilisation: Callable[[], float | None] = lambda: None,
        region_share: Callable[[], float] = lambda: 1.0,
    ) -> None:
        """`utilisation` and `region_share` are what the radio tells: how busy the channel is, and the share
        of the time that its region allows (`sync.carriers.base.RadioState`)."""
        self.keys_of: Callable[[bytes], StaticKeys] = lambda epoch: keys
        """Gives the keys of an epoch: they are those of the hub's key for which it is sealed."""
        self.down_keys: Callable[[], Sequence[StaticKeys]] = lambda: (keys,)
        """Gives the keys under which hub envelopes may come, the likeliest first."""
        self._payload_limit = payload_limit
        self._airtime_ms = airtime_ms
        self._rng = rng
        self.settings = settings or LinkSettings()
        duty_cycle, burst_ms = self.settings.duty_cycle, self.settings.budget_burst_ms
        self.budget = AirtimeBudget(duty_cycle, burst_ms, now, region_share)
        self._politeness = Politeness(
            utilisation,
            cap=self.settings.polite_cap,
            free_share=self.settings.polite_free_share,
            least_share=self.settings.polite_least_share,
        )
        self._retry = RetryTimer(rng, self.settings.first_timeout_s)
        self._generation = generation
        self._down_seen = down_seen or RangeSet()
        self._home_peer = peer
        self._bound = bound
        self.peer = peer
        self._epochs: dict[int, Conversation] = {}
        self._running: Conversation | None = None
        self.loss = LossEstimate()
        self._plan: deque[Planned] = deque()
        self._channel_free_at = now
        self._heard = False
        self._time_at = float("-inf")
        """When the hub told its time last."""
        """Whether the hub answered in this start."""
        self._planned_limit = 0
        self._urgent_news = False
        """Something urgent came that the plan does not know."""
        self._beacon_at = now + rng.random() * self.settings.first_poll_within_s
        self._ack_at: float | None = None
        self._acked_at = float("-inf")
        self._events: deque[NodeEvent] = deque()
        self._polls: dict[int, AskedPoll] = {}
        self._next_poll = rng.randrange(1, 0x10000)
        self._down_pieces = Assembly(16)

    # -- what the owner tells ---------------------------------------------------------------------

    def add_epoch(self, epoch: bytes, block: EpochBlock, *, opened_at: float | None) -> None:
        """Name an epoch before its envelopes are offered. `opened_at` is given for the running one.

        Raises ValueError when another epoch has the same tag: draw the new epoch again.
        """
        known = self._epochs.get(epoch[0])
        if known is not None and known.id != epoch:
            raise ValueError("two epochs of a node must not share their first byte")
        if known is None:
            known = self._epochs[epoch[0]] = Conversation(epoch, block, opened_at)
        if opened_at is not None:
            self._running = known

    def drop_epoch(self, epoch: bytes) -> None:
        """Forget an epoch that is settled."""
        known = self._epochs.get(epoch[0])
        if known is not None and known.id == epoch and known is not self._running:
            del self._epochs[epoch[0]]
            self._plan = deque(p for p in self._plan if p.epoch is not known)

    def offer(self, place: EnvelopeId, sealed: bytes, *, urgent: bool, due_at: float) -> None:
        """Take one envelope of the report lane to be carried; an envelope already here stays as it is."""
        epoch = self._epochs[place.epoch[0]]
        if place.lane is not Lane.REPORT or place.epoch != epoch.id:
            raise ValueError("the radio carries the report lane of a named epoch")
        if place.counter not in epoch.pending:
            epoch.pending[place.counter] = Pending(place, sealed, urgent, due_at)
            self._urgent_news |= urgent

    def withdraw(self, place: EnvelopeId) -> None:
        """Forget an envelope that another carrier brought to the hub."""
        epoch = self._epochs.get(place.epoch[0])
        if epoch is not None and epoch.id == place.epoch:
            epoch.pending.pop(place.counter, None)

    def withdraw_below(self, epoch: bytes, base: int, *, verify: bool) -> None:
        """Forget the envelopes of an epoch below a counter: they are in a backup of the hub.

        `verify`: some others of it were receipted once and are to be asked about. A hub that has destroyed
        the key of the epoch answers no question: where nothing is left to ask, none stays open.
        """
        known = self._epochs.get(epoch[0])
        if known is None or known.id != epoch:
            return
        for counter in [counter for counter in known.pending if counter < base]:
            known.pending.pop(counter)
        if known is not self._running and not known.pending and not verify:
            known.verify = known.ask_again = False
            known.deadline = None

    def verify_epoch(self, epoch: bytes) -> None:
        """Ask what the hub holds of an epoch, though everything of it was receipted once."""
        self._epochs[epoch[0]].verify = True

    def generation_known(self, generation: int) -> None:
        """Take a newer generation that another carrier brought."""
        if generation > self._generation:
            self._generation = generation
            self._down_seen = RangeSet()

    def down_stored(self, generation: int, counter: int, now: float) -> None:
        """A hub envelope is committed: it is acknowledged from now on."""
        if generation == self._generation:
            self._down_seen.add(counter)
            self._ack_at = now + self.settings.ack_delay_s if self._ack_at is None else self._ack_at

    def down_again(self, now: float) -> None:
        """A hub envelope came that is here already: its acknowledgement was lost, or copies were on their
        way, which together earn one more."""
        if self._ack_at is None:
            again_at = self._acked_at + self.settings.ack_again_s
            self._ack_at = max(now + self.settings.ack_delay_s, again_at)

    @property
    def running_epoch(self) -> bytes:
        """Return the id of the running epoch."""
        if self._running is None:
            raise ValueError("no epoch is running")
        return self._running.id

    def block(self, epoch: bytes) -> EpochBlock:
        """Return the whole epoch block, for carriers on which its size does not matter."""
        return self._epochs[epoch[0]].block

    def pending_count(self) -> int:
        """Return how many envelopes wait for a receipt."""
        return sum(len(epoch.pending) for epoch in self._epochs.values())

    def next_event(self) -> NodeEvent | None:
        """Return what happened since, or None."""
        return self._events.popleft() if self._events else None
