"""Radio frames: the payload of one LoRa packet. Every byte is in `docs/protocol.md`.

First byte::

    bit 7 6   5 4 3   2 1 0
        vers  type    flags

DATA, FRAGMENT and SHARED flags: 4 = epoch block present, 2 = poll block present, 1 = many envelopes (DATA
only). In version 2 their second byte says how many frames of the same burst follow.
RECEIPT, DOWN and DOWN_FRAGMENT flags: 4 = generation present; RECEIPT alone: 2 = fragments in hand, 1 = it
answers no poll.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sync.errors import MalformedWire
from sync.wire.frame_blocks import MAC_BYTES as MAC_BYTES
from sync.wire.frame_blocks import EpochBlock as EpochBlock
from sync.wire.frame_blocks import PollBlock as PollBlock
from sync.wire.frame_blocks import (
    read_epoch_block,
    read_poll_block,
    read_poll_fields,
    write_epoch_block,
    write_poll_block,
)
from sync.wire.numbers import FOLLOWED_FRAME_VERSION, FRAME_VERSION, FrameType
from sync.wire.primitives import ByteReader, ByteWriter

MAX_FRAME_BYTES = 4096
"""Far above any radio's packet; a longer frame is refused unread."""
MAX_BITMAP_BYTES = 64
MAX_FRAGMENTS = 255
_FLAG_EPOCH = _FLAG_GENERATION = 4
_FLAG_POLL = _FLAG_PARTIAL = 2
_FLAG_MANY = _FLAG_UNASKED = 1


@dataclass(frozen=True)
class DataFrame:
    """Envelopes of the report lane of one epoch (named by the first byte of its id): counter, ciphertext.

    `following` is how many frames of this burst are still to come: a hint when to answer, not authenticated.
    """

    epoch_tag: int
    envelopes: tuple[tuple[int, bytes], ...] = ()
    epoch: EpochBlock | None = None
    poll: PollBlock | None = None
    following: int = 0


@dataclass(frozen=True)
class FragmentFrame:
    """Piece `index` of `last` + 1 of the envelope with this counter."""

    epoch_tag: int
    counter: int
    index: int
    last: int
    data: bytes
    mac: bytes = b""
    epoch: EpochBlock | None = None
    poll: PollBlock | None = None
    following: int = 0

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers."""
        writer = ByteWriter()
        writer.varint(self.counter)
        writer.uint(self.index, 1)
        writer.uint(self.last, 1)
        writer.raw(self.data)
        return writer.getvalue()


@dataclass(frozen=True)
class SharedFrame:
    """Envelopes of the report lane without their tags: one code authenticates them, and the poll with them.

    `envelopes` are (counter, ciphertext without its tag). The hub computes the tags again, and `mac` covers
    them (`sync.sealing.downlink.StaticKeys.shared_mac`). The poll block has no code of its own here.
    """

    epoch_tag: int
    envelopes: tuple[tuple[int, bytes], ...]
    mac: bytes = b""
    epoch: EpochBlock | None = None
    poll: PollBlock | None = None
    following: int = 0


@dataclass(frozen=True)
class PartialReceipt:
    """Which fragments of one envelope are here: `bitmap` covers `last` + 1 pieces, first piece first."""

    counter: int
    last: int
    bitmap: bytes


@dataclass(frozen=True)
class ReceiptFrame:
    """What the hub holds of one epoch's report lane: all below `base`, and the bitmap from `base` on.

    One that answers no poll has None for it, and no time, which nothing could vouch for.
    """

    epoch_tag: int
    poll: int | None
    hub_time_s: int
    base: int
    bitmap: bytes
    generation: int | None = None
    partial: PartialReceipt | None = None
    mac: bytes = b""

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers: the frame without the MAC."""
        return _receipt_body(self)


@dataclass(frozen=True)
class DownFrame:
    """One hub envelope. The generation stands in it until the node is known to have it."""

    counter: int
    sealed: bytes
    generation: int | None = None


@dataclass(frozen=True)
class DownFragmentFrame:
    """Piece `index` of `last` + 1 of one hub envelope."""

    counter: int
    index: int
    last: int
    data: bytes
    generation: int | None = None
    mac: bytes = field(default=b"")

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers."""
        writer = ByteWriter()
        writer.varint(self.counter)
        writer.uint(self.index, 1)
        writer.uint(self.last, 1)
        writer.raw(self.data)
        return writer.getvalue()


@dataclass(frozen=True)
class UnknownEpochFrame:
    """The hub could not place a frame of the epoch with this tag."""

    epoch_tag: int


UpFrame = DataFrame | FragmentFrame | SharedFrame
Frame = UpFrame | ReceiptFrame | DownFrame | DownFragmentFrame | UnknownEpochFrame


def _first_byte(kind: FrameType, flags: int) -> int:
    return FRAME_VERSION << 6 | int(kind) << 3 | flags


def _write_blocks(writer: ByteWriter, epoch: EpochBlock | None, poll: PollBlock | None) -> None:
    if epoch is not None:
        write_epoch_block(writer, epoch)
    if poll is not None:
        write_poll_block(writer, poll)


def _block_flags(epoch: EpochBlock | None, poll: PollBlock | None) -> int:
    return (_FLAG_EPOCH if epoch is not None else 0) | (_FLAG_POLL if poll is not None else 0)


def _up_writer(kind: FrameType, flags: int, tag: int, following: int) -> ByteWriter:
    writer = ByteWriter()
    if following:
        writer.uint(FOLLOWED_FRAME_VERSION << 6 | int(kind) << 3 | flags, 1)
        writer.uint(following, 1)
    else:
        writer.uint(_first_byte(kind, flags), 1)
    writer.uint(tag, 1)
    return writer


def _encode_data(frame: DataFrame) -> bytes:
    single = len(frame.envelopes) == 1
    flags = _block_flags(frame.epoch, frame.poll) | (0 if single else _FLAG_MANY)
    writer = _up_writer(FrameType.DATA, flags, frame.epoch_tag, frame.following)
    _write_blocks(writer, frame.epoch, frame.poll)
    if single:
        counter, sealed = frame.envelopes[0]
        writer.varint(counter)
        writer.raw(sealed)
        return writer.getvalue()
    _write_many(writer, frame.envelopes)
    return writer.getvalue()


def _encode_shared(frame: SharedFrame) -> bytes:
    flags = _block_flags(frame.epoch, frame.poll)
    writer = _up_writer(FrameType.SHARED, flags, frame.epoch_tag, frame.following)
    if frame.epoch is not None:
        write_epoch_block(writer, frame.epoch)
    if frame.poll is not None:
        writer.raw(frame.poll.signed_bytes())
    _write_many(writer, frame.envelopes)
    writer.raw(frame.mac)
    return writer.getvalue()


def _write_many(writer: ByteWriter, envelopes: tuple[tuple[int, bytes], ...]) -> None:
    previous = -1
    for counter, sealed in envelopes:
        # Counters go up, so the gap to the one before takes a byte where the counter may take two.
        writer.varint(counter if previous < 0 else counter - previous - 1)
        writer.sized(sealed)
        previous = counter


def many_envelope_bytes(counter: int, previous: int, sealed: int) -> int:
    """Return what one envelope of `sealed` bytes takes in a frame of many."""
    return varint_bytes(counter if previous < 0 else counter - previous - 1) + varint_bytes(sealed) + sealed


def varint_bytes(value: int) -> int:
    """Return what a varint of this value takes."""
    return max(1, (value.bit_length() + 6) // 7)


def _encode_fragment(frame: FragmentFrame) -> bytes:
    flags = _block_flags(frame.epoch, frame.poll)
    writer = _up_writer(FrameType.FRAGMENT, flags, frame.epoch_tag, frame.following)
    _write_blocks(writer, frame.epoch, frame.poll)
    writer.raw(frame.signed_bytes())
    writer.raw(frame.mac)
    return writer.getvalue()


def _receipt_body(frame: ReceiptFrame) -> bytes:
    flags = (_FLAG_GENERATION if frame.generation is not None else 0) | (
        _FLAG_PARTIAL if frame.partial is not None else 0
    )
    flags |= _FLAG_UNASKED if frame.poll is None else 0
    writer = ByteWriter()
    writer.uint(_first_byte(FrameType.RECEIPT, flags), 1)
    writer.uint(frame.epoch_tag, 1)
    if frame.generation is not None:
        writer.uint(frame.generation, 4)
    if frame.poll is not None:
        writer.uint(frame.poll, 2)
        writer.uint(frame.hub_time_s, 4)
    if frame.partial is not None:
        writer.varint(frame.partial.counter)
        writer.uint(frame.partial.last, 1)
        writer.raw(frame.partial.bitmap)
    writer.varint(frame.base)
    writer.raw(frame.bitmap)
    return writer.getvalue()


def _encode_down(frame: DownFrame | DownFragmentFrame) -> bytes:
    kind = FrameType.DOWN if isinstance(frame, DownFrame) else FrameType.DOWN_FRAGMENT
    writer = ByteWriter()
    writer.uint(_first_byte(kind, _FLAG_GENERATION if frame.generation is not None else 0), 1)
    if frame.generation is not None:
        writer.uint(frame.generation, 4)
    if isinstance(frame, DownFrame):
        writer.varint(frame.counter)
        writer.raw(frame.sealed)
    else:
        writer.raw(frame.signed_bytes())
        writer.raw(frame.mac)
    return writer.getvalue()


def is_for_the_hub(payload: bytes) -> bool:
    """Return whether a frame looks like one from a node to the hub; nothing more is read."""
    return (
        len(payload) >= 2
        and payload[0] >> 6 in (FRAME_VERSION, FOLLOWED_FRAME_VERSION)
        and payload[0] >> 3 & 7 in _UP_TYPES
    )


def encode_frame(frame: Frame) -> bytes:
    """Return the bytes of a frame."""
    if isinstance(frame, DataFrame):
        return _encode_data(frame)
    if isinstance(frame, FragmentFrame):
        return _encode_fragment(frame)
    if isinstance(frame, SharedFrame):
        return _encode_shared(frame)
    if isinstance(frame, ReceiptFrame):
        return _receipt_body(frame) + frame.mac
    if isinstance(frame, UnknownEpochFrame):
        return bytes([_first_byte(FrameType.UNKNOWN_EPOCH, 0), frame.epoch_tag])
    return _encode_down(frame)


def decode_frame(payload: bytes) -> Frame:
    """Read one frame; raise MalformedWire for anything that `encode_frame` cannot have made."""
    if not 2 <= len(payload) <= MAX_FRAME_BYTES:
        raise MalformedWire("a frame has 2 to 4096 bytes")
    first = payload[0]
    version, kind, flags = first >> 6, first >> 3 & 7, first & 7
    reader = ByteReader(payload[1:])
    if version == FOLLOWED_FRAME_VERSION and kind in _UP_TYPES:
        following = reader.uint(1)
    elif version == FRAME_VERSION:
        following = 0
    else:
        raise MalformedWire("a frame version that is not known here")
    decode = _DECODERS.get(kind)
    if decode is None:
        raise MalformedWire("a frame type that is not known here")
    frame = decode(reader, flags)
    if isinstance(frame, DataFrame | FragmentFrame | SharedFrame):
        frame = replace(frame, following=following)
    if encode_frame(frame) != payload:
        raise MalformedWire("a frame that is not in its one form")
    return frame


def _blocks(reader: ByteReader, flags: int) -> tuple[EpochBlock | None, PollBlock | None]:
    epoch = read_epoch_block(reader) if flags & _FLAG_EPOCH else None
    poll = read_poll_block(reader) if flags & _FLAG_POLL else None
    return epoch, poll


def _decode_data(reader: ByteReader, flags: int) -> DataFrame:
    tag = reader.uint(1)
    epoch, poll = _blocks(reader, flags)
    if not flags & _FLAG_MANY:
        counter = reader.varint()
        return DataFrame(tag, ((counter, reader.rest()),), epoch, poll)
    return DataFrame(tag, _read_many(reader), epoch, poll)


def _read_many(reader: ByteReader) -> tuple[tuple[int, bytes], ...]:
    envelopes = []
    previous = -1
    while reader.remaining:
        counter = reader.varint() + (0 if previous < 0 else previous + 1)
        envelopes.append((counter, reader.sized(MAX_FRAME_BYTES)))
        previous = counter
    return tuple(envelopes)


def _decode_shared(reader: ByteReader, flags: int) -> SharedFrame:
    tag = reader.uint(1)
    epoch = read_epoch_block(reader) if flags & _FLAG_EPOCH else None
    poll = read_poll_fields(reader) if flags & _FLAG_POLL else None
    rest, code = _body_and_mac(reader)
    envelopes = _read_many(ByteReader(rest))
    if not envelopes:
        raise MalformedWire("no envelope under the authentication code")
    return SharedFrame(tag, envelopes, code, epoch, poll)


def _decode_fragment(reader: ByteReader, flags: int) -> FragmentFrame:
    tag = reader.uint(1)
    epoch, poll = _blocks(reader, flags)
    counter, index, last = reader.varint(), reader.uint(1), reader.uint(1)
    data, code = _body_and_mac(reader)
    _check_fragment(index, last)
    return FragmentFrame(tag, counter, index, last, data, code, epoch, poll)


def _check_fragment(index: int, last: int) -> None:
    if index > last or last >= MAX_FRAGMENTS:
        raise MalformedWire("a fragment outside its envelope")


def _body_and_mac(reader: ByteReader) -> tuple[bytes, bytes]:
    rest = reader.rest()
    if len(rest) < MAC_BYTES:
        raise MalformedWire("no room for the authentication code")
    return rest[:-MAC_BYTES], rest[-MAC_BYTES:]


def _decode_receipt(reader: ByteReader, flags: int) -> ReceiptFrame:
    tag = reader.uint(1)
    generation = reader.uint(4) if flags & _FLAG_GENERATION else None
    poll, hub_time_s = (None, 0) if flags & _FLAG_UNASKED else (reader.uint(2), reader.uint(4))
    partial = None
    if flags & _FLAG_PARTIAL:
        counter, last = reader.varint(), reader.uint(1)
        partial = PartialReceipt(counter, last, reader.raw(last // 8 + 1))
    base = reader.varint()
    bitmap, code = _body_and_mac(reader)
    if len(bitmap) > MAX_BITMAP_BYTES or base > 2**20:
        raise MalformedWire("a receipt that speaks of too much")
    return ReceiptFrame(tag, poll, hub_time_s, base, bitmap, generation, partial, code)


def _decode_down(reader: ByteReader, flags: int) -> DownFrame:
    generation = reader.uint(4) if flags & _FLAG_GENERATION else None
    return DownFrame(reader.varint(), reader.rest(), generation)


def _decode_down_fragment(reader: ByteReader, flags: int) -> DownFragmentFrame:
    generation = reader.uint(4) if flags & _FLAG_GENERATION else None
    counter, index, last = reader.varint(), reader.uint(1), reader.uint(1)
    data, code = _body_and_mac(reader)
    _check_fragment(index, last)
    return DownFragmentFrame(counter, index, last, data, generation, code)


def _decode_unknown(reader: ByteReader, flags: int) -> UnknownEpochFrame:
    return UnknownEpochFrame(reader.uint(1))


_DECODERS: dict[int, Callable[[ByteReader, int], Frame]] = {
    FrameType.DATA: _decode_data,
    FrameType.FRAGMENT: _decode_fragment,
    FrameType.RECEIPT: _decode_receipt,
    FrameType.DOWN: _decode_down,
    FrameType.DOWN_FRAGMENT: _decode_down_fragment,
    FrameType.UNKNOWN_EPOCH: _decode_unknown,
    FrameType.SHARED: _decode_shared,
}
_UP_TYPES = (FrameType.DATA, FrameType.FRAGMENT, FrameType.SHARED)
