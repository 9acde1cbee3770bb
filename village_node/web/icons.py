"""Our own small line drawings, put into the page itself: nothing is loaded for them."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

_DRAWINGS = Path(__file__).parent / "static" / "icons.svg"

ICONS: dict[str, str] = dict(re.findall(r'<symbol id="([a-z]+)">(.*)</symbol>', _DRAWINGS.read_text("utf-8")))
"""The inside of each drawing, on a square of 24 by 24."""


def icon(name: str) -> Markup:
    """Return the drawing as an element that screen readers pass over; raise KeyError for an unknown name."""
    return Markup(  # noqa: S704 - the drawings are ours
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{ICONS[name]}</svg>'
    )
