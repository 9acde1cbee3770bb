"""M4A and 3GP: the samples of the one sound track, in a file whose every table is new (ISO 14496-12).

Old telephones record AMR into 3GP; its samples are AMR's frames, so they become an AMR file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sync.media.amr import NARROW, WIDE, clean_amr
from sync.media.refusals import MediaRefused, Refusal
from sync.wire.numbers import MediaType

_MOST_CONFIG_BYTES = 64
_AAC_TYPES = {0x40, 0x66, 0x67, 0x68}
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


@dataclass(frozen=True, repr=False)
class _Track:
    handler: bytes
    timescale: int
    table: dict[bytes, bytes]


def looks_like_mp4(content: bytes) -> bool:
    """Whether it is of the family of M4A and 3GP."""
    return content[4:8] == b"ftyp"


def clean_mp4(content: bytes) -> tuple[MediaType, bytes]:
    """Return the kind and the bytes of a new file; raise MediaRefused."""
    try:
        return _clean(content)
    except (struct.error, IndexError, KeyError, ValueError):
        raise MediaRefused(Refusal.BROKEN) from None


def _clean(content: bytes) -> tuple[MediaType, bytes]:
    tracks = [
        _track(content, start, end)
        for kind, start, end in _boxes(content, 0, len(content))
        if kind == b"moov"
        for inner, start, end in _boxes(content, start, end)
        if inner == b"trak"
    ]
    if any(track.handler == b"vide" for track in tracks):
        raise MediaRefused(Refusal.VIDEO)
    sounds = [track for track in tracks if track.handler == b"soun"]
    if len(sounds) != 1:
        raise MediaRefused(Refusal.NO_SOUND)
    samples = _samples(content, sounds[0].table)
    if not samples:
        raise MediaRefused(Refusal.NO_SOUND)  # in fragments, as for sending live: no recorder of a phone
    entry = sounds[0].table[b"stsd"][8:]
    if entry[4:8] in (b"samr", b"sawb"):
        magic = NARROW if entry[4:8] == b"samr" else WIDE
        return MediaType.AMR, clean_amr(magic + b"".join(samples))
    if entry[4:8] != b"mp4a" or entry[16:18] != b"\0\0":
        raise MediaRefused(Refusal.NO_SOUND)
    return MediaType.M4A, _written(sounds[0], entry, samples)


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end) of the contents of boxes."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if size == 1:
            size, start = struct.unpack_from(">Q", content, start)[0], at + 16
        elif size == 0:
            size = end - at
        if size < start - at or at + size > end:
            raise MediaRefused(Refusal.BROKEN)
        yield kind, start, at + size
        at += size


def _track(content: bytes, start: int, end: int) -> _Track:
    found: dict[bytes, bytes] = {}
    waiting = [(start, end)]
    while waiting:
        for kind, inner, stop in _boxes(content, *waiting.pop()):
            if kind in _CONTAINERS:
                waiting.append((inner, stop))
            else:
                found.setdefault(kind, content[inner:stop])
    media = found[b"mdhd"]
    timescale = struct.unpack_from(">I", media, 20 if media[0] == 1 else 12)[0]
    return _Track(found[b"hdlr"][8:12], timescale, found)


def _samples(content: bytes, table: dict[bytes, bytes]) -> list[bytes]:
    """Return the samples in order. Together they are never more bytes than the file."""
    same_size, count = struct.unpack_from(">II", table[b"stsz"], 4)
    if count > len(content):
        raise MediaRefused(Refusal.BROKEN)
    sizes = [same_size] * count if same_size else list(struct.unpack_from(f">{count}I", table[b"stsz"], 12))
    if sum(sizes) > len(content):
        raise MediaRefused(Refusal.BROKEN)
    wide = b"co64" in table
    places = table[b"co64"] if wide else table[b"stco"]
    chunks = struct.unpack_from(f">{struct.unpack_from('>I', places, 4)[0]}{'Q' if wide else 'I'}", places, 8)
    runs = [
        struct.unpack_from(">III", table[b"stsc"], 8 + 12 * n)
        for n in range(struct.unpack_from(">I", table[b"stsc"], 4)[0])
    ]
    samples: list[bytes] = []
    for number, at in enumerate(chunks, start=1):
        while len(runs) > 1 and runs[1][0] <= number:
            runs.pop(0)
        for size in sizes[len(samples) : len(samples) + runs[0][1]]:
            if at + size > len(content):
                raise MediaRefused(Refusal.BROKEN)
            samples.append(content[at : at + size])
            at += size
    if len(samples) != count:
        raise MediaRefused(Refusal.BROKEN)
    return samples


# -- writing ---------------------------------------------------------------------------------------


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


def _written(track: _Track, entry: bytes, samples: list[bytes]) -> bytes:
    spans = _spans(track.table[b"stts"], len(samples))
    duration = sum(count * length for count, length in spans)
    head = _box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom")
    # Where the samples begin depends on how long the tables are, and that not on where they begin.
    length = len(_tables(track, entry, samples, spans, duration, 0))
    tables = _tables(track, entry, samples, spans, duration, len(head) + length + 8)
    return head + tables + _box(b"mdat", *samples)


def _spans(table: bytes, count: int) -> list[tuple[int, int]]:
    entries = struct.unpack_from(">I", table, 4)[0]
    if entries > count:
        raise MediaRefused(Refusal.BROKEN)
    spans = [struct.unpack_from(">II", table, 8 + 8 * n) for n in range(entries)]
    if sum(span[0] for span in spans) != count:
        raise MediaRefused(Refusal.BROKEN)
    return [(times, length) for times, length in spans]


def _tables(
    track: _Track,
    entry: bytes,
    samples: list[bytes],
    spans: list[tuple[int, int]],
    duration: int,
    first_at: int,
) -> bytes:
    scale = track.timescale
    if not 0 < scale < 2**32 or duration >= 2**32:
        raise MediaRefused(Refusal.BROKEN)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    sizes = struct.pack(f">II{len(samples)}I", 0, len(samples), *map(len, samples))
    table = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), _sample_entry(entry)),
        _full(b"stts", struct.pack(">I", len(spans)), *(struct.pack(">II", *span) for span in spans)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, len(samples), 1)),
        _full(b"stsz", sizes),
        _full(b"stco", struct.pack(">II", 1, first_at)),
    )
    movie = struct.pack(">IIIIIH10x", 0, 0, scale, duration, 0x10000, 0x100)
    one_track = struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, duration, 0, 0, 0x100, 0)
    return _box(
        b"moov",
        _full(b"mvhd", movie, matrix, bytes(24), b"\0\0\0\2"),
        _box(
            b"trak",
            _full(b"tkhd", one_track, matrix, bytes(8), flags=7),
            _box(
                b"mdia",
                _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, scale, duration, 0x55C4, 0)),
                _full(b"hdlr", bytes(4), b"soun", bytes(13)),
                _box(
                    b"minf",
                    _full(b"smhd", bytes(4)),
                    _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1))),
                    table,
                ),
            ),
        ),
    )


def _sample_entry(entry: bytes) -> bytes:
    """Return the entry that says how to play it, written anew from its numbers."""
    channels, bits = struct.unpack_from(">HH", entry, 24)
    rate = struct.unpack_from(">I", entry, 32)[0]
    size = struct.unpack_from(">I", entry, 0)[0]
    described = {kind: entry[start:end] for kind, start, end in _boxes(entry, 36, size)}
    kind, config = _decoder(described[b"esds"])
    decoder = _describe(4, bytes([kind, 0x15]), bytes(11), _describe(5, config))
    return _box(
        b"mp4a",
        bytes(6),
        struct.pack(">H8xHHHHI", 1, channels, bits, 0, 0, rate),
        _full(b"esds", _describe(3, b"\0\1\0", decoder, _describe(6, b"\2"))),
    )


def _decoder(esds: bytes) -> tuple[int, bytes]:
    """Return the kind of decoder and its few bytes of set-up."""
    at, end = 4, len(esds)
    kind = 0
    while at < end:
        tag, at = esds[at], at + 1
        size = 0
        for _ in range(4):
            byte, at = esds[at], at + 1
            size = size << 7 | byte & 0x7F
            if not byte & 0x80:
                break
        if tag == 3:
            flags = esds[at + 2]
            at += 3 + (2 if flags & 0x80 else 0) + (2 if flags & 0x20 else 0)
            if flags & 0x40:
                raise MediaRefused(Refusal.BROKEN)
        elif tag == 4:
            kind, at = esds[at], at + 13
        elif tag == 5:
            if kind not in _AAC_TYPES or not 2 <= size <= _MOST_CONFIG_BYTES:
                raise MediaRefused(Refusal.NO_SOUND)
            return kind, esds[at : at + size]
        else:
            at += size
    raise MediaRefused(Refusal.NO_SOUND)


def _describe(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    if len(content) > 127:
        raise MediaRefused(Refusal.BROKEN)
    return bytes([tag, len(content)]) + content
