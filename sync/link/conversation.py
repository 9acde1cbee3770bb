"""What a node says with the hub about one epoch: what waits, what went, what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from sync.identifiers import EnvelopeId
from sync.link.fragments import OutgoingPieces
from sync.wire.frame_codec import EpochBlock


@dataclass
class Pending:
    """An envelope that no receipt covers yet."""

    id: EnvelopeId
    sealed: bytes
    urgent: bool
    due_at: float
    sent_in: int | None = None
    """Number of the frame that carried it last; None = to be sent."""
    pieces: OutgoingPieces | None = None
    unsent_pieces: set[int] = field(default_factory=set)


@dataclass
class Conversation:
    """The conversation about one epoch."""

    id: bytes
    block: EpochBlock
    opened_at: float | None
    """On our monotonic clock; None for an epoch of an earlier start, whose age is no longer known."""
    pending: dict[int, Pending] = field(default_factory=dict)
    """In the order of counters or not: `min` of the keys is the base of the window."""
    confirmed: bool = False
    """The hub has answered for this epoch, so its key need not ride along."""
    verify: bool = False
    """Ask what the hub holds, though nothing waits."""
    ask_again: bool = False
    """A question that nothing waits for went unanswered and is worth repeating."""
    deadline: float | None = None
    """A receipt is due by then."""
    awaited_poll: int = 0
    """The poll that `deadline` belongs to: only its receipt ends the wait."""
    asked_at: float = float("-inf")
    unasked_frames: int = 0
    """Frames of the present burst that went; a burst that is planned anew goes on counting."""
    sent_frames: int = 0
    burst_began: int = 0
    """Number of the first frame of the present or last burst."""
    repeats: int = 0
    """How often a burst of one frame was sent again without an answer."""

    @property
    def tag(self) -> int:
        return self.id[0]

    def sendable(self, window: int, urgent_window: int) -> list[Pending]:
        """Return what has not gone yet, or must go again, and lies in its window."""
        base = min(self.pending, default=0)
        return [
            p
            for p in self.pending.values()
            if (p.sent_in is None or p.unsent_pieces)
            and p.id.counter - base < (urgent_window if p.urgent else window)
        ]

    def has_in_flight(self) -> bool:
        """Whether something went out of which neither arrival nor loss is known."""
        return any(p.sent_in is not None for p in self.pending.values())

    def must_ask(self) -> bool:
        """Whether a question is open that nobody is waiting for an answer to.

        This is derived and not remembered: whatever made a plan or an answer vanish, an envelope that went
        out is asked about until it is receipted or sent again.
        """
        return self.deadline is None and (self.verify or self.ask_again or self.has_in_flight())
