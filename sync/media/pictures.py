"""A picture drawn anew: only its pixels go on, upright and at most 1280 wide or high. In a child alone.

What a phone writes beside them (place, time, device, a thumbnail of the whole scene) is never copied, and
whatever else a file may hold behind or between does not come along.
"""

from __future__ import annotations

import io

from PIL import Image

from sync.media.refusals import MediaRefused, Refusal

LONGEST_SIDE = 1280
"""Enough to read a number plate; some 200 kB, seven envelopes."""
QUALITY = 72
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A JPEG is read at half, a quarter or an eighth of its size; the others are held whole."""
_TURN = 0x0112
_WAYS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What EXIF's orientation means."""
_MPO = "MPO"
"""What Pillow calls a JPEG with a second picture behind it."""
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}


def clean_picture(content: bytes) -> bytes:
    """Return a JPEG with the same scene and nothing else; raise MediaRefused."""
    _check_kind(content)
    Image.MAX_IMAGE_PIXELS = None  # ours are stricter, and say what is wrong
    try:
        with Image.open(io.BytesIO(content), formats=tuple(MOST_PIXELS)) as image:
            kind = "JPEG" if image.format == _MPO else str(image.format)
            if image.width * image.height > MOST_PIXELS[kind]:
                raise MediaRefused(Refusal.TOO_MANY_PIXELS)
            turn = image.getexif().get(_TURN, 1)
            if kind == "JPEG":
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
            return _drawn_anew(_upright(_on_white(image), turn))
    except MediaRefused:
        raise
    except MemoryError:
        raise MediaRefused(Refusal.TOO_MANY_PIXELS) from None
    except Exception:  # whatever a decoder finds, the file cannot be read
        raise MediaRefused(Refusal.BROKEN) from None


def _check_kind(content: bytes) -> None:
    """See by the first bytes what a file is; its name says nothing."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise MediaRefused(Refusal.HEIC)
    is_jpeg = content.startswith(b"\xff\xd8\xff")
    is_png = content.startswith(b"\x89PNG\r\n\x1a\n")
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    if not (is_jpeg or is_png or is_webp):
        raise MediaRefused(Refusal.NO_PICTURE)


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    whole = image.convert("RGBA")
    white = Image.new("RGB", whole.size, "white")
    white.paste(whole, mask=whole.getchannel("A"))
    return white


def _upright(image: Image.Image, turn: int) -> Image.Image:
    """Turn the picture as its phone was held; the number that says so is not kept."""
    way = _WAYS.get(turn)
    return image if way is None else image.transpose(way)


def _drawn_anew(image: Image.Image) -> bytes:
    # A new picture from bare pixels: Pillow writes comments and profiles that it finds with the old one.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=False, progressive=False)
    return out.getvalue()
