"""Radio frames: the payload of one LoRa packet. Every byte is in `docs/protocol.md`.

First byte::

    bit 7 6   5 4 3   2 1 0
        vers  type    flags

DATA and FRAGMENT flags: 4 = epoch block present, 2 = poll block present, 1 = many envelopes.
RECEIPT, DOWN and DOWN_FRAGMENT flags: 4 = generation present, 2 = fragments in hand (RECEIPT only).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.errors import MalformedWire
from sync.wire.numbers import FRAME_VERSION, FrameType
from sync.wire.primitives import ByteReader, ByteWriter

MAC_BYTES = 8
MAX_FRAME_BYTES = 4096
"""Far above any radio's packet; a longer frame is refused unread."""
MAX_BITMAP_BYTES = 64
MAX_FRAGMENTS = 255
_FLAG_EPOCH = _FLAG_GENERATION = 4
_FLAG_POLL = _FLAG_PARTIAL = 2
_FLAG_MANY = 1


@dataclass(frozen=True)
class EpochBlock:
    """What the hub needs to derive an epoch. `node_public` and `binding` stand until the hub knows the
    node's key."""

    node_number: int
    enc: bytes
    node_public: bytes | None = None
    binding: bytes | None = None


@dataclass(frozen=True)
class PollBlock:
    """The node asks for a receipt and says how it stands; authenticated by `mac` under the static keys.

    `poll` is the number that the receipt must echo; 0 asks for no receipt. `generation_tag` is the low 16
    bits of the hub generation that the node knows (0 = none). `age_s` is the age of the epoch when this
    was written. `down_base` and `down_bitmap` say which hub envelopes of that generation are here.
    """

    poll: int
    generation_tag: int
    age_s: int
    down_base: int
    down_bitmap: int
    mac: bytes = b""

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers."""
        writer = ByteWriter()
        writer.uint(self.poll, 2)
        writer.uint(self.generation_tag, 2)
        writer.varint(self.age_s)
        writer.varint(self.down_base)
        writer.uint(self.down_bitmap, 1)
        return writer.getvalue()


@dataclass(frozen=True)
class DataFrame:
    """Envelopes of the report lane of one epoch (named by the first byte of its id): counter, ciphertext."""

    epoch_tag: int
    envelopes: tuple[tuple[int, bytes], ...] = ()
    epoch: EpochBlock | None = None
    poll: PollBlock | None = None


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

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers."""
        writer = ByteWriter()
        writer.varint(self.counter)
        writer.uint(self.index, 1)
        writer.uint(self.last, 1)
        writer.raw(self.data)
        return writer.getvalue()


@dataclass(frozen=True)
class PartialReceipt:
    """Which fragments of one envelope are here: `bitmap` covers `last` + 1 pieces, first piece first."""

    counter: int
    last: int
    bitmap: bytes


@dataclass(frozen=True)
class ReceiptFrame:
    """What the hub holds of one epoch's report lane: all below `base`, and the bitmap from `base` on."""

    epoch_tag: int
    poll: int
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


Frame = DataFrame | FragmentFrame | ReceiptFrame | DownFrame | DownFragmentFrame | UnknownEpochFrame


def _first_byte(kind: FrameType, flags: int) -> int:
    return FRAME_VERSION << 6 | int(kind) << 3 | flags


def write_epoch_block(writer: ByteWriter, block: EpochBlock) -> None:
    """Write an epoch block: node number and a bit for the static key, enc, and the key with its MAC."""
    has_key = block.node_public is not None
    writer.varint(block.node_number << 1 | has_key)
    writer.raw(block.enc)
    if block.node_public is not None and block.binding is not None:
        writer.raw(block.node_public)
        writer.raw(block.binding)


def read_epoch_block(reader: ByteReader) -> EpochBlock:
    """Read an epoch block; raise MalformedWire."""
    first = reader.varint()
    if first >> 1 > 0xFFFFFFFF:
        raise MalformedWire("a node number has at most 32 bits")
    enc = reader.raw(32)
    if first & 1:
        return EpochBlock(first >> 1, enc, reader.raw(32), reader.raw(16))
    return EpochBlock(first >> 1, enc)


def write_poll_block(writer: ByteWriter, block: PollBlock) -> None:
    """Write a poll block and its MAC."""
    writer.raw(block.signed_bytes())
    writer.raw(block.mac)


def read_poll_block(reader: ByteReader) -> PollBlock:
    """Read a poll block; raise MalformedWire."""
    return PollBlock(
        reader.uint(2),
        reader.uint(2),
        reader.varint(),
        reader.varint(),
        reader.uint(1),
        reader.raw(MAC_BYTES),
    )


def _write_blocks(writer: ByteWriter, epoch: EpochBlock | None, poll: PollBlock | None) -> None:
    if epoch is not None:
        write_epoch_block(writer, epoch)
    if poll is not None:
        write_poll_block(writer, poll)


def _block_flags(epoch: EpochBlock | None, poll: PollBlock | None) -> int:
    return (_FLAG_EPOCH if epoch is not None else 0) | (_FLAG_POLL if poll is not None else 0)


def _encode_data(frame: DataFrame) -> bytes:
    single = len(frame.envelopes) == 1
    flags = _block_flags(frame.epoch, frame.poll) | (0 if single else _FLAG_MANY)
    writer = ByteWriter()
    writer.uint(_first_byte(FrameType.DATA, flags), 1)
    writer.uint(frame.epoch_tag, 1)
    _write_blocks(writer, frame.epoch, frame.poll)
    if single:
        counter, sealed = frame.envelopes[0]
        writer.varint(counter)
        writer.raw(sealed)
        return writer.getvalue()
    previous = -1
    for counter, sealed in frame.envelopes:
        # Counters go up, so the gap to the one before takes a byte where the counter may take two.
        writer.varint(counter if previous < 0 else counter - previous - 1)
        writer.sized(sealed)
        previous = counter
    return writer.getvalue()


def many_envelope_bytes(counter: int, previous: int, sealed: int) -> int:
    """Return what one envelope of `sealed` bytes takes in a frame of many."""
    return _varint_bytes(counter if previous < 0 else counter - previous - 1) + _varint_bytes(sealed) + sealed


def _varint_bytes(value: int) -> int:
    return max(1, (value.bit_length() + 6) // 7)


def _encode_fragment(frame: FragmentFrame) -> bytes:
    writer = ByteWriter()
    writer.uint(_first_byte(FrameType.FRAGMENT, _block_flags(frame.epoch, frame.poll)), 1)
    writer.uint(frame.epoch_tag, 1)
    _write_blocks(writer, frame.epoch, frame.poll)
    writer.raw(frame.signed_bytes())
    writer.raw(frame.mac)
    return writer.getvalue()


def _receipt_body(frame: ReceiptFrame) -> bytes:
    flags = (_FLAG_GENERATION if frame.generation is not None else 0) | (
        _FLAG_PARTIAL if frame.partial is not None else 0
    )
    writer = ByteWriter()
    writer.uint(_first_byte(FrameType.RECEIPT, flags), 1)
    writer.uint(frame.epoch_tag, 1)
    if frame.generation is not None:
        writer.uint(frame.generation, 4)
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


def encode_frame(frame: Frame) -> bytes:
    """Return the bytes of a frame."""
    if isinstance(frame, DataFrame):
        return _encode_data(frame)
    if isinstance(frame, FragmentFrame):
        return _encode_fragment(frame)
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
    if first >> 6 != FRAME_VERSION:
        raise MalformedWire("a frame version that is not known here")
    reader = ByteReader(payload[1:])
    flags = first & 7
    decode = _DECODERS.get(first >> 3 & 7)
    if decode is None:
        raise MalformedWire("a frame type that is not known here")
    frame = decode(reader, flags)
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
    envelopes = []
    previous = -1
    while reader.remaining:
        counter = reader.varint() + (0 if previous < 0 else previous + 1)
        envelopes.append((counter, reader.sized(MAX_FRAME_BYTES)))
        previous = counter
    return DataFrame(tag, tuple(envelopes), epoch, poll)


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
    poll, hub_time_s = reader.uint(2), reader.uint(4)
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
}
