"""Opus packets out of Ogg or WebM, and into a new Ogg file that holds nothing else (RFC 3533, 7845, 8794)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sync.media.refusals import MediaRefused, Refusal

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_HEAD_BYTES = 19
_MOST_PACKET_BYTES = 3 * 1275 * 16
_PACKETS_A_PAGE = 50
_TAGS = b"OpusTags" + bytes(8)
"""No vendor, no comments."""


@dataclass(frozen=True, repr=False)
class OpusSound:
    """The first 19 bytes that say how to play it, and its packets."""

    head: bytes
    packets: list[bytes]


def _ogg_crc(data: bytes) -> int:
    """The checksum of Ogg is that of zlib with all bits the other way round, begun and ended at 0."""
    mirrored = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def _checked(head: bytes, packets: list[bytes]) -> OpusSound:
    if not head.startswith(b"OpusHead") or len(head) < _HEAD_BYTES or head[18] != 0:
        raise MediaRefused(Refusal.NO_SOUND)
    if not packets or not all(0 < len(packet) <= _MOST_PACKET_BYTES for packet in packets):
        raise MediaRefused(Refusal.BROKEN)
    return OpusSound(head[:_HEAD_BYTES], packets)


# -- Ogg -------------------------------------------------------------------------------------------


def read_ogg(content: bytes) -> OpusSound:
    """Return the first Opus sound of an Ogg file; raise MediaRefused."""
    serial: bytes | None = None
    packets: list[bytes] = []
    half = b""
    for page_serial, is_first, parts, goes_on in _pages(content):
        if serial is None and is_first and parts and parts[0].startswith(b"OpusHead"):
            serial = page_serial
        if page_serial != serial:
            continue
        for number, part in enumerate(parts):
            half += part
            if number < len(parts) - 1 or not goes_on:
                packets.append(half)
                half = b""
    if serial is None:
        raise MediaRefused(Refusal.NO_SOUND)
    if len(packets) < 3 or not packets[1].startswith(b"OpusTags"):
        raise MediaRefused(Refusal.BROKEN)
    return _checked(packets[0], [packet for packet in packets[2:] if packet])


def _pages(content: bytes) -> Iterator[tuple[bytes, bool, list[bytes], bool]]:
    """Yield (serial, whether a stream begins, parts of packets, whether the last goes on in the next)."""
    at = 0
    while at + 27 <= len(content):
        count = content[at + 26]
        sizes = content[at + 27 : at + 27 + count]
        start = at + 27 + count
        end = start + sum(sizes)
        if content[at : at + 4] != b"OggS" or len(sizes) < count:
            raise MediaRefused(Refusal.BROKEN)
        if end > len(content):
            return  # the end of a recording that was cut
        said = int.from_bytes(content[at + 22 : at + 26], "little")
        if _ogg_crc(content[at : at + 22] + bytes(4) + content[at + 26 : end]) != said:
            raise MediaRefused(Refusal.BROKEN)
        parts, part_start, length = [], start, 0
        for size in sizes:
            length += size
            if size < 255:
                parts.append(content[part_start : part_start + length])
                part_start, length = part_start + length, 0
        if length:
            parts.append(content[part_start : part_start + length])
        yield content[at + 14 : at + 18], bool(content[at + 5] & 2), parts, bool(length)
        at = end


def write_ogg(sound: OpusSound) -> bytes:
    """Return an Ogg file with the packets, no comments, and times counted anew."""
    pages = [_page(0, 2, 0, [sound.head]), _page(1, 0, 0, [_TAGS])]
    position = 0
    groups = [sound.packets[n : n + _PACKETS_A_PAGE] for n in range(0, len(sound.packets), _PACKETS_A_PAGE)]
    queue = [part for group in groups for part in _fitting(group)]
    for number, group in enumerate(queue, start=2):
        position += sum(map(_samples, group))
        pages.append(_page(number, 4 if number == len(queue) + 1 else 0, position, group))
    return b"".join(pages)


def _fitting(packets: list[bytes]) -> Iterator[list[bytes]]:
    """Cut a group where a page would need more than 255 sizes."""
    group: list[bytes] = []
    sizes = 0
    for packet in packets:
        needed = len(packet) // 255 + 1
        if group and sizes + needed > 255:
            yield group
            group, sizes = [], 0
        group.append(packet)
        sizes += needed
    if group:
        yield group


def _page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    sizes = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    before = b"OggS\x00" + bytes([flags]) + position.to_bytes(8, "little") + b"\x01\x00\x00\x00"
    before += number.to_bytes(4, "little")
    behind = bytes([len(sizes)]) + sizes + b"".join(packets)
    return before + _ogg_crc(before + bytes(4) + behind).to_bytes(4, "little") + behind


def _samples(packet: bytes) -> int:
    """How long a packet sounds, in 48,000ths of a second (RFC 6716, section 3.1)."""
    mode, code = packet[0] >> 3, packet[0] & 3
    if mode < 12:
        frame = (480, 960, 1920, 2880)[mode & 3]
    elif mode < 16:
        frame = (480, 960)[mode & 1]
    else:
        frame = (120, 240, 480, 960)[mode & 3]
    frames = (1, 2, 2, packet[1] & 0x3F if len(packet) > 1 else 1)[code]
    return frame * frames


# -- WebM ------------------------------------------------------------------------------------------

_EBML, _SEGMENT, _TRACKS, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0x1F43B675
_TRACK, _TRACK_NUMBER, _TRACK_TYPE, _CODEC, _CODEC_PRIVATE = 0xAE, 0xD7, 0x83, 0x86, 0x63A2
_GROUP, _BLOCK, _SIMPLE_BLOCK = 0xA0, 0xA1, 0xA3
_TOP = {_CLUSTER, _TRACKS, 0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1254C367, 0x1941A469, 0x1043A770}
"""Elements that end a cluster of unknown size: they stand beside it."""
_VIDEO_TRACK, _SOUND_TRACK = 1, 2


def read_webm(content: bytes) -> OpusSound:
    """Return the Opus sound of a WebM file; raise MediaRefused."""
    track, head = None, b""
    packets: list[bytes] = []
    for kind, start, end in _elements(content, 0, len(content)):
        if kind != _SEGMENT:
            continue
        for inner, inner_start, inner_end in _elements(content, start, end):
            if inner == _TRACKS:
                track, head = _track(content, inner_start, inner_end)
            elif inner == _CLUSTER and track is not None:
                packets += _packets(content, inner_start, inner_end, track)
    if track is None:
        raise MediaRefused(Refusal.NO_SOUND)
    return _checked(head, packets)


def _elements(content: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (id, start, end) of the elements between; one of unknown size ends where the next of its kind
    begins, one that was cut short is the last."""
    while at < end:
        kind, at = _number(content, at, keeps_marker=True)
        size, at = _number(content, at, keeps_marker=False)
        if size is None:
            stop = end if kind == _SEGMENT else _end_of_cluster(content, at, end)
        else:
            stop = at + size
            if stop > end:
                return
        yield kind or 0, at, stop
        at = stop


def _end_of_cluster(content: bytes, at: int, end: int) -> int:
    while at < end:
        before = at
        kind, at = _number(content, at, keeps_marker=True)
        if kind in _TOP:
            return before
        size, at = _number(content, at, keeps_marker=False)
        if size is None or at + size > end:
            return before
        at += size
    return end


def _number(content: bytes, at: int, *, keeps_marker: bool) -> tuple[int | None, int]:
    """Read a number of variable length; None stands for an unknown size."""
    if at >= len(content) or content[at] == 0:
        raise MediaRefused(Refusal.BROKEN)
    length = 9 - content[at].bit_length()
    data = content[at : at + length]
    if len(data) < length:
        raise MediaRefused(Refusal.BROKEN)
    value = int.from_bytes(data, "big")
    if keeps_marker:
        return value, at + length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), at + length


def _track(content: bytes, start: int, end: int) -> tuple[int | None, bytes]:
    found: tuple[int | None, bytes] = None, b""
    for kind, at, stop in _elements(content, start, end):
        if kind != _TRACK:
            continue
        parts = {name: content[a:b] for name, a, b in _elements(content, at, stop)}
        track_type = int.from_bytes(parts.get(_TRACK_TYPE, b""), "big")
        if track_type == _VIDEO_TRACK:
            raise MediaRefused(Refusal.VIDEO)
        if track_type == _SOUND_TRACK and parts.get(_CODEC, b"").rstrip(b"\0") == b"A_OPUS":
            found = int.from_bytes(parts.get(_TRACK_NUMBER, b""), "big"), parts.get(_CODEC_PRIVATE, b"")
    return found


def _packets(content: bytes, start: int, end: int, track: int) -> Iterator[bytes]:
    for kind, at, stop in _elements(content, start, end):
        if kind == _GROUP:
            blocks = [(a, b) for name, a, b in _elements(content, at, stop) if name == _BLOCK]
        else:
            blocks = [(at, stop)] if kind == _SIMPLE_BLOCK else []
        for block, block_end in blocks:
            number, behind = _number(content, block, keeps_marker=False)
            if number != track:
                continue
            if behind + 3 >= block_end or content[behind + 2] & 0x06:
                raise MediaRefused(
                    Refusal.BROKEN
                )  # several packets in one block: recorders of sound write none
            yield content[behind + 3 : block_end]
