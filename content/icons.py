"""The small set of pictures: inline SVG of our own, drawn in the colour of the text beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from content.errors import ContentRefused

MAX_ICON_BYTES = 900
"""A page may show ten and must stay small."""

_ALLOWED = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    r'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
    r'(?:<(?:path|circle|rect|line|polyline|polygon|ellipse)(?: [a-z0-9-]+="[-#A-Za-z0-9., ]*")+/>)+</svg>\n?'
)


def icon_path(name: str) -> str:
    """Return where a picture lies in the material."""
    return f"icons/{name}.svg"


def icon_names(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the names of all pictures."""
    return tuple(
        path.removeprefix("icons/").removesuffix(".svg") for path in files if path.startswith("icons/")
    )


def read_icon(files: Mapping[str, bytes], name: str) -> str:
    """Return a picture as SVG text; raise `ContentRefused` for one that holds more than plain shapes.

    The text goes into pages unescaped, so a script, a link or a style in it must not pass.
    """
    path = icon_path(name)
    try:
        text = files[path].decode("ascii")
    except KeyError as error:
        raise ContentRefused(f"{path} is missing") from error
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{path}: not ASCII") from error
    if len(text) > MAX_ICON_BYTES:
        raise ContentRefused(f"{path}: {len(text)} bytes; allowed are {MAX_ICON_BYTES}")
    if not _ALLOWED.fullmatch(text):
        raise ContentRefused(
            f"{path}: must be one svg of 24 x 24 with the usual stroke and plain shapes only"
        )
    return text
