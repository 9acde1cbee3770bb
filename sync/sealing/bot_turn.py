"""Which box of a village may ask Telegram for messages now: a question of a node and the hub's answer.

Both are under a key of the node's enrolment. The answer covers the question's nonce, so no older one passes.
The question holds the challenge of the answer before; a hub takes each challenge once and for a few minutes,
so that a question that somebody recorded changes nothing. A box that knows none is told one and asks again.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from sync.errors import MalformedWire, SealBroken
from sync.sealing.derivation import expand, mac, mac_matches
from sync.wire.frame_blocks import MAC_BYTES
from sync.wire.primitives import ByteReader, ByteWriter

NONCE_BYTES: Final = 16
CHALLENGE_BYTES: Final = 16
NO_CHALLENGE: Final = bytes(CHALLENGE_BYTES)
"""Of a box that has had no answer since its start."""
_AGAIN: Final = 2
_ANSWER_MAX: Final = 0xFFFFFFFF
NEVER: Final = _ANSWER_MAX
"""In `polled_ago_s`: nobody has ever had the turn."""


class TurnWish(enum.IntEnum):
    """What a box wants."""

    HOLD = 1
    GIVE_BACK = 2


@dataclass(frozen=True)
class TurnQuestion:
    """`node` asks for the turn of its village, or gives it back; `challenge` is of the answer before."""

    node: int
    wish: TurnWish
    nonce: bytes
    challenge: bytes = NO_CHALLENGE


@dataclass(frozen=True)
class TurnAnswer:
    """Whether the box has the turn, for how many seconds, and how long ago any box had it last. `challenge`
    is for the next question; with `again` the question's own was an old one, nothing was done, and the box
    asks anew."""

    held: bool
    left_s: int
    polled_ago_s: int
    challenge: bytes = NO_CHALLENGE
    again: bool = False


def _key(psk: bytes) -> bytes:
    return expand(psk, "bot-turn")


def encode_question(question: TurnQuestion, psk: bytes) -> bytes:
    """Return a question as bytes: node, wish, nonce, challenge, MAC."""
    writer = ByteWriter()
    writer.uint(question.node, 4)
    writer.uint(question.wish, 1)
    body = writer.getvalue() + question.nonce + question.challenge
    return body + mac(_key(psk), b"question", body)


def decode_question(data: bytes) -> TurnQuestion:
    """Read a question, not checked yet; raise MalformedWire."""
    reader = ByteReader(data)
    node, wish, nonce = reader.uint(4), reader.uint(1), reader.raw(NONCE_BYTES)
    challenge = reader.raw(CHALLENGE_BYTES)
    reader.raw(MAC_BYTES)
    reader.end()
    if wish not in (TurnWish.HOLD, TurnWish.GIVE_BACK):
        raise MalformedWire("a question for the turn holds 1 or 2 as its wish")
    return TurnQuestion(node, TurnWish(wish), nonce, challenge)


def check_question(data: bytes, psk: bytes) -> None:
    """Raise SealBroken when the question is not under this key."""
    body, told = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if not mac_matches(mac(_key(psk), b"question", body), told):
        raise SealBroken("the question for the turn is not of this node")


def encode_answer(answer: TurnAnswer, nonce: bytes, psk: bytes) -> bytes:
    """Return an answer to the question with this nonce: held, left, polled ago, challenge, MAC."""
    writer = ByteWriter()
    writer.uint(_AGAIN if answer.again else int(answer.held), 1)
    writer.uint(min(answer.left_s, _ANSWER_MAX), 4)
    writer.uint(min(answer.polled_ago_s, _ANSWER_MAX), 4)
    body = writer.getvalue() + answer.challenge
    return body + mac(_key(psk), b"answer", nonce, body)


def decode_answer(data: bytes, nonce: bytes, psk: bytes) -> TurnAnswer:
    """Read and check an answer; raise MalformedWire or SealBroken."""
    reader = ByteReader(data)
    held, left_s, ago_s = reader.uint(1), reader.uint(4), reader.uint(4)
    challenge, told = reader.raw(CHALLENGE_BYTES), reader.raw(MAC_BYTES)
    reader.end()
    if not mac_matches(mac(_key(psk), b"answer", nonce, data[:-MAC_BYTES]), told):
        raise SealBroken("the answer about the turn is not the hub's")
    return TurnAnswer(held == 1, left_s, ago_s, challenge, held == _AGAIN)
