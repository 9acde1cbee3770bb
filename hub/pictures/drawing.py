"""The few shapes that every picture is made of, and a picture as SVG text.

No colour stands alone: what it says is said by a number, a form or a word, too. Styles are attributes, never
`style`, for the pages allow none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, Literal

from hub.languages import figures, translate

INK: Final = "#1c1b19"
SOFT: Final = "#5b564e"
LINE: Final = "#b9b2a5"
PAPER: Final = "#fffdf9"
LAND: Final = "#ece4d3"
AROUND: Final = "#f6f3ec"
WOOD: Final = "#7a4a12"
BAR: Final = "#8a5a1f"
ALARM: Final = "#a11212"

Anchor = Literal["start", "middle", "end"]
Form = Literal["circle", "square", "triangle", "diamond"]
FORMS: Final[tuple[Form, ...]] = ("circle", "square", "triangle", "diamond")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `x` and `y` are the start (or middle, or end) of its base line."""

    x: float
    y: float
    text: str
    size: float = 13
    anchor: Anchor = "start"
    bold: bool = False
    fill: str = INK
    halo: bool = False
    """Whether it stands on a map and needs a light edge."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; a `dashed` one is not filled: what it shows is not whole."""

    x: float
    y: float
    width: float
    height: float
    fill: str = BAR
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A form around a middle; `size` is its radius."""

    x: float
    y: float
    size: float
    form: Form = "circle"
    fill: str = WOOD
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = LINE


@dataclass(frozen=True, slots=True)
class Land:
    """Rings of an area, filled; what lies below one of less than full `opacity` shines through."""

    rings: tuple[tuple[Point, ...], ...]
    fill: str = LAND
    opacity: float = 1
    edge: bool = True


Shape = Words | Box | Mark | Stroke | Land


@dataclass(frozen=True, slots=True)
class Table:
    """The same as text: headings, rows, and what it is a table of."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its title, what it says in one sentence, and its table. Units are pixels."""

    title: str
    summary: str
    width: int
    height: int
    shapes: tuple[Shape, ...]
    table: Table
    notes: tuple[str, ...] = field(default=())
    """What one must know to read it rightly; stands below the picture."""


def _n(value: float) -> str:
    """Return a number with at most one decimal, always written the same way."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def as_svg(picture: Picture, *, ident: str = "picture") -> str:
    """Return the picture as SVG; `ident` makes its ids unique on a page."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {picture.width} {picture.height}" '
        f'width="{picture.width}" height="{picture.height}" role="img" '
        f'aria-labelledby="{ident}-title {ident}-text" font-family="system-ui, sans-serif">',
        f'<title id="{ident}-title">{escape(translate(picture.title))}</title>',
        f'<desc id="{ident}-text">{escape(translate(picture.summary))}</desc>',
        f'<rect width="{picture.width}" height="{picture.height}" fill="{PAPER}"/>',
    ]
    parts += [_drawn(shape) for shape in picture.shapes]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn(shape: Shape) -> str:
    if isinstance(shape, Words):
        return _words(shape)
    if isinstance(shape, Box):
        look = (
            f'fill="none" stroke="{INK}" stroke-width="1.5" stroke-dasharray="4 3"'
            if shape.dashed
            else f'fill="{shape.fill}"'
        )
        return (
            f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
            f'height="{_n(shape.height)}" {look}/>'
        )
    if isinstance(shape, Mark):
        return _mark(shape)
    if isinstance(shape, Stroke):
        return (
            f'<line x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" y2="{_n(shape.y2)}" '
            f'stroke="{shape.colour}"/>'
        )
    path = "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in ring) + "Z" for ring in shape.rings)
    look = f' fill-opacity="{shape.opacity:g}"' if shape.opacity < 1 else ""
    look += f' stroke="{LINE}" stroke-width="0.7"' if shape.edge else ""
    return f'<path d="{path}" fill="{shape.fill}"{look}/>'


def _words(words: Words) -> str:
    look = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    if words.bold:
        look += ' font-weight="700"'
    if words.halo:
        look += f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    return (
        f'<text x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}" '
        f'fill="{words.fill}"{look}>{escape(translate(words.text))}</text>'
    )


def _mark(mark: Mark) -> str:
    look = (
        f'fill="{PAPER}" stroke="{mark.fill}" stroke-width="2"'
        if mark.hollow
        else f'fill="{mark.fill}" stroke="{PAPER}"'
    )
    x, y, r = mark.x, mark.y, mark.size
    if mark.form == "circle":
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" {look}/>'
    corners: dict[Form, Sequence[Point]] = {
        "square": ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)),
        "triangle": ((x, y - r), (x + r, y + r), (x - r, y + r)),
        "diamond": ((x, y - r), (x + r, y), (x, y + r), (x - r, y)),
    }
    points = " ".join(f"{_n(px)},{_n(py)}" for px, py in corners[mark.form])
    return f'<polygon points="{points}" {look}/>'


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` letters on one line."""
    line = " ".join(translate(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "\u2026"


def grouped(number: int) -> str:
    """Return a number as who looks writes it: 12.345 in Indonesian."""
    return figures(number)
