"""The sixteen pictures of receipts, each with the word that names it aloud."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

_DRAWINGS = Path(__file__).parent / "static" / "pictures.svg"
_INSIDES = dict(re.findall(r'<symbol id="([a-z]+)">(.*)</symbol>', _DRAWINGS.read_text("utf-8")))

NAMES = tuple(_INSIDES)
"""The words, in the order of the pictures' numbers. The order is kept for ever: receipts stand for it."""


def picture(number: int) -> Markup:
    """Return a picture as an element; its word stands beside it."""
    inside = _INSIDES[NAMES[number]]
    return Markup(  # noqa: S704 - the drawings are ours
        f'<svg class="picture" viewBox="0 0 48 48" aria-hidden="true">{inside}</svg>'
    )


def qr_code(digits: str) -> Markup:
    """Return the digits as a QR code inside the page: dark squares on white, readable by any phone."""
    import segno  # here, because most starts of a box never draw one

    code = segno.make(digits, error="m", micro=False)
    drawn = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn from digits alone
