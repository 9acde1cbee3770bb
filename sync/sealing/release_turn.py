"""A box's question for a release, under a key of its enrolment: nobody else learns which stage it is in."""

from __future__ import annotations

from sync.errors import MalformedWire, SealBroken
from sync.sealing.derivation import expand, mac, mac_matches
from sync.wire.frame_blocks import MAC_BYTES
from sync.wire.update_records import (
    MAX_QUESTION_BYTES,
    ReleaseQuestion,
    decode_question,
    encode_question,
)


def _key(psk: bytes) -> bytes:
    return expand(psk, "release-turn")


def seal_question(question: ReleaseQuestion, psk: bytes) -> bytes:
    """Return a question as bytes, with its MAC at the end."""
    body = encode_question(question)
    return body + mac(_key(psk), b"question", body)


def read_question(data: bytes) -> ReleaseQuestion:
    """Read a question, not checked yet; raise MalformedWire."""
    if not MAC_BYTES < len(data) <= MAX_QUESTION_BYTES:
        raise MalformedWire("a question of no such length")
    return decode_question(data[:-MAC_BYTES])


def check_question(data: bytes, psk: bytes) -> None:
    """Raise SealBroken when the question is not under this key."""
    if not mac_matches(mac(_key(psk), b"question", data[:-MAC_BYTES]), data[-MAC_BYTES:]):
        raise SealBroken("the question is not of this node")
