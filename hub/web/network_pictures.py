"""The network of a person of interest as SVG; the PNG is drawn out of that SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from markupsafe import Markup, escape

from hub.languages import N_
from hub.links.network import NODE_HEIGHT, NODE_WIDTH, Drawing, Network, Node, NodeKind, PlacedEdge
from hub.pictures.png import svg_as_png
from hub.web.evidence_words import spoken
from hub.web.report_words import COUNTRY_WORDS, in_words

KIND_WORDS: Final[Mapping[NodeKind, str]] = MappingProxyType(
    {
        "village": N_("Desa pelapor"),
        "person": N_("Orang"),
        "phone": N_("Telepon"),
        "company": N_("Perusahaan"),
        "account": N_("Akun"),
        "plate": N_("Pelat kendaraan"),
        "route": N_("Rute"),
        "destination": N_("Negara tujuan"),
    }
)
_FILL: Final[Mapping[NodeKind, str]] = MappingProxyType(
    {
        "village": "#e8f3e6",
        "person": "#7a4a12",
        "phone": "#ffe1a8",
        "company": "#e3ecf7",
        "account": "#f3e3f5",
        "plate": "#eeeeee",
        "route": "#fffdf9",
        "destination": "#fbe9e6",
    }
)
_SIGN: Final[Mapping[NodeKind, str]] = MappingProxyType(
    {
        "village": "D",
        "person": "O",
        "phone": "T",
        "company": "P",
        "account": "A",
        "plate": "K",
        "route": "R",
        "destination": "N",
    }
)
"""A letter before each label, so that colour alone tells nothing."""
_INK, _LINE, _PAPER = "#1c1b19", "#5b564e", "#fffdf9"
_LETTERS: Final = 20


def label_of(node: Node) -> str:
    """Return what a node is called."""
    if node.kind == "phone":
        return spoken(node.label)
    if node.kind == "destination":
        return in_words(COUNTRY_WORDS, node.label)
    if node.kind == "person" and node.number is not None:
        return N_("%(label)s (nomor %(number)s)", label=node.label, number=node.number)
    return node.label


def legend() -> tuple[tuple[str, str], ...]:
    """Return each sign and what it stands for."""
    return tuple((_SIGN[kind], KIND_WORDS[kind]) for kind in KIND_WORDS)


def _short(node: Node) -> str:
    label = "".join(c for c in label_of(node) if c.isprintable())
    text = f"{_SIGN[node.kind]} {label}"
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"


def _thickness(edge: PlacedEdge) -> float:
    return min(6.0, 0.5 + edge.edge.reports)


def summary(network: Network) -> str:
    """Return the picture in one sentence."""
    counts: dict[NodeKind, int] = {}
    for node in network.nodes:
        counts[node.kind] = counts.get(node.kind, 0) + 1
    return ", ".join(f"{KIND_WORDS[kind]}: {count}" for kind, count in counts.items())


_LEGEND_WIDTH: Final = 660
_IN_A_ROW: Final = 4


def _foot() -> int:
    return 20 * -(-len(legend()) // _IN_A_ROW) + 16


def _legend_places(below: int) -> Iterator[tuple[int, int, str]]:
    """Yield where each part of the legend stands, the middle of its line, and its words."""
    for number, (sign, words) in enumerate(legend()):
        yield 14 + 160 * (number % _IN_A_ROW), below + 12 + 20 * (number // _IN_A_ROW), f"{sign} = {words}"


def as_svg(drawing: Drawing, *, title: str, text: str, alone: bool = False) -> Markup:
    """Return the picture as SVG with presentation attributes alone, as a page's policy wants it.

    One that stands alone has the legend below it.
    """
    foot, wide = (_foot(), max(drawing.width, _LEGEND_WIDTH)) if alone else (0, drawing.width)
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
            'role="img" font-family="sans-serif" font-size="12"><title>{title}</title><desc>{text}</desc>'
        ).format(w=wide, h=drawing.height + foot, title=title, text=text),
        Markup('<rect width="{}" height="{}" fill="{}"/>').format(wide, drawing.height + foot, _PAPER),
    ]
    for edge in drawing.edges:
        parts.append(
            Markup(
                '<path d="M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}" fill="none" stroke="{line}" '
                'stroke-width="{width}" stroke-opacity="0.6"/>'
            ).format(
                x1=edge.x1,
                y1=edge.y1,
                x2=edge.x2,
                y2=edge.y2,
                bend=(edge.x1 + edge.x2) // 2,
                line=_LINE,
                width=_thickness(edge),
            )
        )
    for place in drawing.nodes:
        kind = place.node.kind
        parts.append(
            Markup(
                "<g><title>{}: {}</title>"
                '<rect x="{}" y="{}" width="{}" height="{}" rx="5" fill="{}" stroke="{}"/>'
                '<text x="{}" y="{}" fill="{}">{}</text></g>'
            ).format(
                KIND_WORDS[kind],
                label_of(place.node),
                place.x,
                place.y,
                NODE_WIDTH,
                NODE_HEIGHT,
                _FILL[kind],
                _INK,
                place.x + 8,
                place.y + NODE_HEIGHT // 2 + 4,
                "#ffffff" if kind == "person" else _INK,
                _short(place.node),
            )
        )
    if alone:
        for x, y, words in _legend_places(drawing.height):
            parts.append(Markup('<text x="{}" y="{}" fill="{}">{}</text>').format(x, y + 4, _INK, words))
    parts.append(Markup("</svg>"))
    return Markup("").join(escape(part) for part in parts)


def as_png(drawing: Drawing, *, title: str, text: str) -> bytes:
    """Return the picture as PNG, twice as large, with the legend below."""
    return svg_as_png(str(as_svg(drawing, title=title, text=text, alone=True)))
