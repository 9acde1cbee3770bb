"""Reads an enrolment as it comes to a box: the file, a photo of the QR code, its text, or typed lines."""

from __future__ import annotations

from io import BytesIO

from sync.errors import EnrolmentRefused
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import PREFIX, from_code, is_code

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
"""A large phone's photo; more would fill the memory of a small board."""
_KINDS = ("JPEG", "PNG", "WEBP")
"""Of pictures; readers of rarer kinds call other programs, or are little looked at."""
_SIDE = 2400
"""Photos are made smaller to this before a code is looked for."""


def read_enrolment(data: bytes) -> Enrolment:
    """Return the enrolment; raise EnrolmentRefused that says what to do."""
    if len(data) > MAX_BYTES:
        raise EnrolmentRefused("an enrolment is a small file, or a photo of its QR code below 20 MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return from_code(_qr_text(data))
    return from_code(text) if is_code(text) else Enrolment.from_text(text)


def _qr_text(picture: bytes) -> str:
    # Loaded here: a box reads a picture once in its life.
    import zxingcpp
    from PIL import Image

    try:
        with Image.open(BytesIO(picture), formats=_KINDS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise EnrolmentRefused("the photo is too large: take it with at most 60 megapixels")
            opened.draft("L", (_SIDE, _SIDE))
            grey = opened.convert("L")
            grey.thumbnail((_SIDE, _SIDE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise EnrolmentRefused(
            "this is neither an enrolment file (kentongan hub enrol) nor a picture (JPEG, PNG)"
        ) from error
    # A box of biscuits beside it has a code, too.
    found = {code.text for code in zxingcpp.read_barcodes(grey)}
    codes = [text for text in found if text.upper().startswith(PREFIX)]
    if len(codes) != 1:
        what = "several enrolments are" if codes else "no enrolment can be read"
        raise EnrolmentRefused(
            f"{what} in the photo: take one QR code from straight above, sharp, in good light, "
            "filling half of the picture"
        )
    return codes[0]
