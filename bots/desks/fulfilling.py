"""One input from beginning to end: heard, its wishes fulfilled, what came of them heard in turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bots.dialogue.contract import Input, NotTaken, Reply, Room, State, Turn, Wish
from sync.wire.attachments import Attachment

MOST_TURNS = 8
"""Of a dialogue for one input; wishes bring further inputs."""
Talk = Callable[[State, Input, Room], Turn]


class Desk(Protocol):
    """What fulfils wishes; it blocks, and whatever goes wrong comes back as `NotTaken`."""

    def fulfil(self, wish: Wish, files: Mapping[int, Attachment]) -> Input | None:
        """Return what came of a wish, None where the dialogue need not know."""
        ...


@dataclass(frozen=True, repr=False)
class Fulfilled:
    """What came of one input. `waits`: a wish was not fulfilled now (`away` or `full`) and may be later."""

    state: State
    replies: tuple[Reply, ...]
    waits: bool


def fulfilled(talk: Talk, state: State, heard: Input, room: Room, desk: Desk) -> Fulfilled:
    """Return where the conversation stands after an input and all that came of it."""
    replies: list[Reply] = []
    waits, inputs = False, [heard]
    for _ in range(MOST_TURNS):
        if not inputs:
            break
        turn = talk(state, inputs.pop(0), room)
        state = turn.state
        replies += turn.replies
        for wish in turn.wishes:
            outcome = desk.fulfil(wish, {})
            if outcome is not None:
                inputs.append(outcome)
            waits = waits or (isinstance(outcome, NotTaken) and outcome.why in ("away", "full"))
    return Fulfilled(state, tuple(replies), waits)
