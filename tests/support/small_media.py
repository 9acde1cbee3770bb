"""Small pictures and sounds with things in them that nobody meant to tell, made byte by byte."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from sync.media.opus import _ogg_crc

SECRET = b"RAHASIA-PONSEL"
"""Stands in every piece of metadata; must be found in no clean file."""
GPS = (8.0, 35.0, 12.0)


def jpeg(size: tuple[int, int] = (64, 48), *, turn: int = 1, behind: bytes = b"") -> bytes:
    """A picture with EXIF of a phone: maker, place, a thumbnail, a comment, and XMP."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0112] = turn
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", GPS, "E", (116.0, 6.0, 30.0)
    gps[29] = "2026:11:25"
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET + b"</x>"
    picture.save(out, "JPEG", exif=exif, comment=SECRET, quality=90)
    data = out.getvalue()
    thumbnail = b"\xff\xe1" + struct.pack(">H", 2 + len(xmp)) + xmp
    return data[:2] + thumbnail + data[2:] + behind


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture with text chunks, one of them packed, and EXIF."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET.decode())
    notes.add_text("Comment", SECRET.decode(), zip=True)
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, "PNG", pnginfo=notes, exif=exif)
    return out.getvalue()


def webp() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "WEBP", exif=exif, xmp=SECRET)
    return out.getvalue()


def png_bomb(side: int = 10_000) -> bytes:
    """A hundred million pixels in a few kilobytes."""
    rows = zlib.compress((b"\0" + bytes(-(-side // 8))) * side, 9)

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)

# -- sounds ----------------------------------------------------------------------------------------

AMR_FRAMES = [b"\x04" + bytes([n]) * 12 for n in range(50)]
AMR = b"#!AMR\n" + b"".join(AMR_FRAMES)
MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
OPUS_HEAD = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
OPUS_PACKETS = [b"\x08" + bytes([n + 1]) * (40 + n) for n in range(120)]
AAC_SAMPLES = [bytes([n]) * (20 + n) for n in range(1, 40)]
AAC_CONFIG = b"\x12\x08"


def mp3() -> bytes:
    """With a tag before, a table in the first frame, and two tags behind."""
    tag = SECRET * 20
    size = bytes(len(tag) >> shift & 0x7F for shift in (21, 14, 7, 0))
    table = MP3_FRAME[:36] + b"Xing" + SECRET + bytes(417 - 40 - len(SECRET))
    behind = b"APETAGEX" + SECRET + bytes(10) + b"TAG" + SECRET + bytes(125 - len(SECRET))
    return b"ID3\x04\0\0" + size + tag + table + MP3_FRAME * 20 + behind


def ogg(packets: list[bytes] | None = None) -> bytes:
    """With a vendor and comments, a random serial, and small pages."""
    comment = b"TITLE=" + SECRET
    tags = b"OpusTags" + struct.pack("<I", len(SECRET)) + SECRET
    tags += struct.pack("<II", 1, len(comment)) + comment + SECRET * 40
    told = [[OPUS_HEAD], [tags]]
    sounds = OPUS_PACKETS if packets is None else packets
    told += [sounds[n : n + 7] for n in range(0, len(sounds), 7)]
    pages = []
    for number, page in enumerate(told):
        sizes = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in page)
        head = b"OggS\0" + bytes([2 if number == 0 else 0]) + bytes(8) + b"\xde\xad\xbe\xef"
        head += struct.pack("<I", number)
        behind = bytes([len(sizes)]) + sizes + b"".join(page)
        pages.append(head + struct.pack("<I", _ogg_crc(head + bytes(4) + behind)) + behind)
    return b"".join(pages)


def _element(number: str, content: bytes, *, unknown: bool = False) -> bytes:
    size = b"\x01" + b"\xff" * 7 if unknown else b"\x08" + struct.pack(">Q", len(content))[4:]
    if not unknown:
        size = b"\x01" + struct.pack(">Q", len(content))[1:]
    return bytes.fromhex(number) + size + content


def webm(*, live: bool = False, video: bool = False) -> bytes:
    """As a browser's recorder writes it; `live` with unknown sizes."""
    info = _element("1549A966", _element("5741", SECRET) + _element("7BA9", SECRET))
    track = _element("D7", b"\x01") + _element("83", b"\x01" if video else b"\x02")
    track += _element("86", b"A_OPUS") + _element("63A2", OPUS_HEAD) + _element("536E", SECRET)
    clusters = b""
    for start in range(0, len(OPUS_PACKETS), 40):
        blocks = b"".join(
            _element("A3", b"\x81\x00\x00\x80" + packet) for packet in OPUS_PACKETS[start : start + 40]
        )
        clusters += _element("1F43B675", _element("E7", b"\x00") + blocks, unknown=live)
    tags = _element("1254C367", SECRET)
    segment = info + _element("1654AE6B", _element("AE", track)) + clusters + tags
    return _element("1A45DFA3", _element("4282", b"webm")) + _element("18538067", segment, unknown=live)


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(samples: list[bytes] | None = None, *, codec: bytes = b"mp4a", handler: bytes = b"soun") -> bytes:
    """Two chunks, a place in `udta`, a device in `meta`, hidden bytes in `mdat`, dates in every header."""
    told = AAC_SAMPLES if samples is None else samples
    half = len(told) // 2
    mdat = _box(b"mdat", SECRET, *told[:half], SECRET, *told[half:], SECRET)
    head = _box(b"ftyp", b"3gp4\0\0\0\0isom3gp4")
    first = len(head) + 8 + len(SECRET)
    second = first + sum(map(len, told[:half])) + len(SECRET)
    date = struct.pack(">II", 3_900_000_000, 3_900_000_000)
    esds = b"\0\0\0\0\x03\x19\0\1\0\x04\x11\x40\x15" + bytes(11) + b"\x05\x02" + AAC_CONFIG + b"\x06\1\2"
    own = _box(b"esds", esds) if codec == b"mp4a" else _box(b"damr", SECRET[:9])
    entry = _box(codec, bytes(6), struct.pack(">H8xHHHHI", 1, 1, 16, 0, 0, 8000 << 16), own)
    stbl = _box(
        b"stbl",
        _box(b"stsd", struct.pack(">II", 0, 1), entry),
        _box(b"stts", struct.pack(">IIII", 0, 1, len(told), 160)),
        _box(b"stsc", struct.pack(">IIIIIIII", 0, 2, 1, half, 1, 2, len(told) - half, 1)),
        _box(b"stsz", struct.pack(f">III{len(told)}I", 0, 0, len(told), *map(len, told))),
        _box(b"stco", struct.pack(">IIII", 0, 2, first, second)),
    )
    mdhd = _box(b"mdhd", bytes(4), date, struct.pack(">IIHH", 8000, 160 * len(told), 0x55C4, 0))
    hdlr = _box(b"hdlr", bytes(8), handler, bytes(12), SECRET, b"\0")
    media = _box(b"mdia", mdhd, hdlr, _box(b"minf", _box(b"smhd", bytes(8)), stbl))
    trak = _box(b"trak", _box(b"tkhd", bytes(4), date, bytes(72)), media)
    udta = _box(b"udta", _box(b"\xa9xyz", b"\0\x12\x15\xc7-08.5833+116.1166/"), _box(b"meta", SECRET))
    moov = _box(b"moov", _box(b"mvhd", bytes(4), date, bytes(88)), trak, udta)
    return head + mdat + moov
