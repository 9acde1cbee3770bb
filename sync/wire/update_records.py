"""Releases of the program: what a box says of them, and the turns in which it fetches one by internet.

A release is bytes to this module; its signature is what a box goes by. A box asks for the bytes from `start`
on of the release that it has a part of (`part`: 8 bytes of its SHA-256, zeros for none), and the hub answers
with what follows, or with another release from its beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sync.errors import MalformedWire
from sync.wire.numbers import UpdateTrouble
from sync.wire.primitives import ByteReader, ByteWriter

Version = tuple[int, int, int]
NO_VERSION: Final[Version] = (0, 0, 0)
PART_BYTES: Final = 8
NO_PART: Final = bytes(PART_BYTES)
CHUNK_BYTES: Final = 256 * 1024
"""In one turn: a report waits for no more than that on a slow line."""
MAX_QUESTION_BYTES: Final = 128
_MACHINE: Final = re.compile(rb"[a-z0-9_]{1,20}")


@dataclass(frozen=True)
class UpdateHeld:
    """Which version a box runs, which one it tries (0.0.0: none), and which it refused or gave up last."""

    running: Version
    trial: Version
    left: Version
    trouble: UpdateTrouble


@dataclass(frozen=True)
class ReleaseQuestion:
    """A box asks for more of a release. `machine` is such as "aarch64"."""

    node: int
    machine: str
    part: bytes
    start: int


@dataclass(frozen=True, repr=False)
class ReleaseAnswer:
    """Bytes of a release from `start` on; `size` is that of the whole."""

    version: Version
    part: bytes
    size: int
    start: int
    data: bytes


def encode_update_held(record: UpdateHeld) -> bytes:
    """Return the bytes of what a box runs."""
    writer = ByteWriter()
    for version in (record.running, record.trial, record.left):
        _write_version(writer, version)
    writer.uint(record.trouble, 1)
    return writer.getvalue()


def decode_update_held(data: bytes) -> UpdateHeld:
    """Read what a box runs; raise MalformedWire."""
    reader = ByteReader(data)
    running, trial, left = (_read_version(reader) for _ in range(3))
    trouble = reader.uint(1)
    reader.end()
    if trouble not in UpdateTrouble.__members__.values():
        raise MalformedWire("a trouble that is not known here")
    return UpdateHeld(running, trial, left, UpdateTrouble(trouble))


def encode_question(question: ReleaseQuestion) -> bytes:
    """Return a question without its authentication, see `sync.sealing.release_turn`."""
    writer = ByteWriter()
    writer.uint(question.node, 4)
    writer.sized(question.machine.encode("ascii"))
    writer.raw(question.part)
    writer.varint(question.start)
    return writer.getvalue()


def decode_question(data: bytes) -> ReleaseQuestion:
    """Read a question; raise MalformedWire."""
    reader = ByteReader(data)
    node, machine = reader.uint(4), reader.sized(MAX_QUESTION_BYTES)
    part, start = reader.raw(PART_BYTES), reader.varint()
    reader.end()
    if not _MACHINE.fullmatch(machine):
        raise MalformedWire("a machine of no kind")
    return ReleaseQuestion(node, machine.decode("ascii"), part, start)


def encode_answer(answer: ReleaseAnswer | None) -> bytes:
    """Return an answer; empty where there is nothing for the box."""
    if answer is None:
        return b""
    writer = ByteWriter()
    _write_version(writer, answer.version)
    writer.raw(answer.part)
    writer.varint(answer.size)
    writer.varint(answer.start)
    writer.raw(answer.data)
    return writer.getvalue()


def decode_answer(data: bytes) -> ReleaseAnswer | None:
    """Read an answer, None for nothing; raise MalformedWire."""
    if not data:
        return None
    reader = ByteReader(data)
    version, part = _read_version(reader), reader.raw(PART_BYTES)
    size, start, more = reader.varint(), reader.varint(), reader.rest()
    if start + len(more) > size or len(more) > CHUNK_BYTES:
        raise MalformedWire("a part that does not fit its release")
    return ReleaseAnswer(version, part, size, start, more)


def version_words(version: Version) -> str:
    """Return a version such as "1.2.3"; empty for none."""
    return "" if version == NO_VERSION else ".".join(map(str, version))


def version_numbers(words: str) -> Version:
    """Return the three numbers of a version, each at most 255; `NO_VERSION` for a text that is none."""
    found = re.fullmatch(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})", words)
    if not found:
        return NO_VERSION
    major, minor, patch = (min(int(part), 255) for part in found.groups())
    return major, minor, patch


def _write_version(writer: ByteWriter, version: Version) -> None:
    for part in version:
        writer.uint(part, 1)


def _read_version(reader: ByteReader) -> Version:
    return reader.uint(1), reader.uint(1), reader.uint(1)
