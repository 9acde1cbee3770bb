"""The guides of `docs/guides`: what each names, and the one HTML file that is made of it."""

from __future__ import annotations

import base64
import html
import re
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.catalogue import Catalogue
from content.files import shipped_files
from content.help_lines import HelpLine
from village_node.web.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "guides"
LANGUAGES = ("id", "en")
CONTENTS = {"id": "Isi", "en": "Contents"}
SOURCE_WORDS = {
    "id": ("Sumber", "belum kami periksa", "belum kami telepon"),
    "en": ("Source", "not checked by us", "not rung by us"),
}
CARD, BOOK = "card", "book"
PHONE_DOTS = 700
"""A picture that is no wider shows a phone."""
_LAYOUT = re.compile(r"\A<!-- layout: ([a-z]+) -->\n")
_PLACE = re.compile(r"\{([a-z_]+(?:-[a-z]+)*)\}")
_WORDS_OF_CODE = re.compile(r"(?<=<code>).*?(?=</code>)", re.DOTALL)
_NUMBER = re.compile(r"[0-9][0-9.,]*( (mA|Wh|Ah|Wp|W))?")
_CHECK_LISTS = ("daftar periksa", "check")
"""How the heading of a list for a pocket begins: it has a page of its own."""
PictureBytes = Callable[[str], bytes]
"""Name of a screen -> its PNG; raises KeyError where there is none."""


@dataclass(frozen=True)
class Guide:
    """One guide in one language."""

    language: str
    name: str

    @property
    def path(self) -> Path:
        return GUIDES / self.language / f"{self.name}.md"

    @property
    def source(self) -> str:
        return self.path.read_text("utf-8")

    @property
    def layout(self) -> str:
        found = _LAYOUT.match(self.source)
        return found[1] if found else BOOK

    @property
    def tokens(self) -> list[Token]:
        """The Markdown as tokens, numbers of help put in."""
        return _markdown().parse(with_numbers(_LAYOUT.sub("", self.source), self.language))

    def headings(self) -> list[tuple[str, str]]:
        """Return (h1 and so on, words) of each heading."""
        tokens = self.tokens
        return [
            (token.tag, tokens[at + 1].content)
            for at, token in enumerate(tokens)
            if token.type == "heading_open"
        ]

    def pictures(self) -> list[tuple[str, str]]:
        """Return (address, alt text) of each picture: `screen:NAME` or `drawing:NAME`."""
        return [
            (str(token.attrGet("src")), token.content)
            for token in _inline(self.tokens)
            if token.type == "image"
        ]

    def screens(self) -> list[str]:
        """Return the names of the pictures of pages."""
        return [src.removeprefix("screen:") for src, _ in self.pictures() if src.startswith("screen:")]

    def bold(self) -> list[str]:
        """Return what stands in bold: words of a page, as they stand there."""
        found, within = [], False
        for token in _inline(self.tokens):
            if token.type == "strong_open":
                within = True
                found.append("")
            elif token.type == "strong_close":
                within = False
            elif within:
                found[-1] += " " if token.type == "softbreak" else token.content
        return found

    def sentences(self) -> list[str]:
        """Return what people read: paragraphs, items and headings, without code, tables and pictures."""
        found, in_table = [], False
        for token in self.tokens:
            if token.type in ("table_open", "table_close"):
                in_table = token.type == "table_open"
            if token.type == "inline" and not in_table:
                kinds = ("text", "softbreak")
                parts = (one.content or " " for one in token.children or () if one.type in kinds)
                found.append(re.sub(r"\[ \] |_{3,}", "", "".join(parts)).strip())
        return [text for text in found if text]


def guides(language: str | None = None) -> list[Guide]:
    """Return all guides, or those in a language, by name."""
    return [
        Guide(tag, path.stem)
        for tag in LANGUAGES
        if language in (None, tag)
        for path in sorted((GUIDES / tag).glob("*.md"))
    ]


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark").enable("table")
    made.validateLink = lambda url: not url.lower().startswith(("javascript:", "data:"))  # type: ignore[method-assign]
    return made


def _inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


# --- numbers of help: they stand in the material alone ---


@cache
def catalogue(language: str) -> Catalogue:
    return Catalogue(shipped_files(), language)


def with_numbers(text: str, language: str) -> str:
    """Put the number of a line of help for each `{key}`; `{all-help}` is the whole register."""
    lines = catalogue(language).help_lines

    def number(found: re.Match[str]) -> str:
        if found[1] == "all-help":
            return "\n".join(_help_item(line, language) for line in lines.values() if line.number)
        if found[1] == "emergency":
            return "\n".join(
                f"- ![{line.number}](drawing:phone) *{line.number}* {line.who}"
                for line in catalogue(language).emergency_lines
            )
        return lines[found[1]].number

    return _PLACE.sub(number, text)


def _help_item(line: HelpLine, language: str) -> str:
    source, unchecked, not_rung = SOURCE_WORDS[language]
    marks = ([] if line.verified else [unchecked]) + ([] if line.rung_on else [not_rung])
    noted = f" ({', '.join(marks)})" if marks else ""
    by = "SMS " if line.by == "sms" else ""
    whatsapp = f" WhatsApp: {line.whatsapp}." if line.whatsapp and line.whatsapp not in line.note else ""
    note = line.note[:1].upper() + line.note[1:].rstrip(".")
    return f"- *{line.who}*: {by}{line.number}. {note}.{whatsapp} {source}: {line.cited}{noted}."


# --- HTML ---


def page_of(guide: Guide, picture: PictureBytes, pages: Mapping[str, int] | None = None) -> str:
    """Return the guide as one HTML file that loads nothing; raise KeyError where a picture is not there.

    `pages`, for paper, tells on which page a chapter begins (its heading -> number).
    """
    tokens = guide.tokens
    _put_pictures_in(tokens, picture)
    anchors = _put_anchors(tokens)
    _put_headings_in_rows(tokens)
    body = _tick_boxes(_markdown().renderer.render(tokens, _markdown().options, {}))
    body = _WORDS_OF_CODE.sub(_unbroken, body)
    body = re.sub(r'href="([a-z]+)\.md(#[^"]*)?"', r'href="\1.html\2"', body)
    if guide.layout == CARD:
        panels = body.split("<hr />\n")
        main = "".join(
            f'<section class="panel panel{at}">{panel}</section>' for at, panel in enumerate(panels, 1)
        )
    else:
        main = _with_contents(body, anchors, guide.language, pages or {})
    title = html.escape(guide.headings()[0][1])
    style = (GUIDES / "guide.css").read_text("utf-8")
    return (
        f'<!doctype html>\n<html lang="{guide.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f'<link rel="icon" href="data:,">\n<style>\n{style}</style>\n</head>\n'
        f'<body class="{guide.layout}">\n<main>\n{main}</main>\n</body>\n</html>\n'
    )


def _unbroken(code: re.Match[str]) -> str:
    """Keep the name of an option on one line: "--" at the end of one reads like an option of its own."""
    return re.sub(r"(?<!\S)-{1,2}[a-z][a-z-]*", r'<span class="word">\g<0></span>', code[0])


def for_paper(page: str) -> str:
    """Return the HTML without links to other guides: on paper they would lead to files of this machine."""
    return re.sub(r'<a href="[a-z]+\.html[^"]*">(.*?)</a>', r"<cite>\1</cite>", page)


def _put_pictures_in(tokens: list[Token], picture: PictureBytes) -> None:
    for token in tokens:
        children = [one for one in token.children or () if one.type != "softbreak" and one.content != " "]
        images = [one for one in children if one.type == "image"]
        addresses = [str(image.attrGet("src")) for image in images]
        if images and len(images) == len(children):
            _parent(tokens, token).attrJoin("class", _row(addresses, picture))
        elif children[:1] == images[:1] != [] and addresses[0].startswith("drawing:"):
            _parent(tokens, token).attrJoin("class", "drawn")
        for image, address in zip(images, addresses, strict=True):
            image.attrSet("src", _embedded(address, picture))


def _row(addresses: list[str], picture: PictureBytes) -> str:
    """Return the class of a paragraph of pictures: one of a phone stands beside the text."""
    [first, *others] = addresses
    if others or not first.startswith("screen:"):
        return "pictures"
    width, _ = struct.unpack(">II", picture(first.removeprefix("screen:"))[16:24])
    return "pictures beside" if width <= PHONE_DOTS else "pictures"


def _parent(tokens: list[Token], token: Token) -> Token:
    """Return the item or paragraph that holds an inline token."""
    at = next(i for i, one in enumerate(tokens) if one is token)
    opener = tokens[at - 1]
    return tokens[at - 2] if opener.hidden and at >= 2 else opener


def _embedded(address: str, picture: PictureBytes) -> str:
    kind, _, name = address.partition(":")
    if kind == "screen":
        return f"data:image/png;base64,{base64.b64encode(picture(name)).decode()}"
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing(name).encode()).decode()}"


def drawing(name: str) -> str:
    """Return one of our drawings as SVG: a sheet of docs/, of the material, of the site; raise KeyError."""
    sheet = ROOT / "docs" / f"{name}.svg"
    if sheet.is_file():
        drawn = sheet.read_text("utf-8")
        return drawn[drawn.index("<svg") :]
    path = ROOT / "content" / "icons" / f"{name}.svg"
    if path.is_file():
        return path.read_text("utf-8").replace("currentColor", "#0b5d4e")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0b5d4e" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{ICONS[name]}</svg>'
    )


def anchor_of(words: str) -> str:
    """Return the name that a forge gives to a heading."""
    return re.sub(r"[^\w\- ]", "", words.replace("`", "").lower()).strip().replace(" ", "-")


def _put_anchors(tokens: list[Token]) -> list[tuple[str, str, str]]:
    """Give each heading its id; return (tag, id, words)."""
    found = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[at + 1].content
            token.attrSet("id", anchor_of(words))
            if token.tag == "h2" and words.lower().startswith(_CHECK_LISTS):
                token.attrJoin("class", "pocket")
            found.append((token.tag, anchor_of(words), words))
    return found


def _put_headings_in_rows(tokens: list[Token]) -> None:
    """Let each cell of a table name its column, for a phone, where a row is a card; by ear it is a table."""
    roles = {"table_open": "table", "tr_open": "row", "th_open": "columnheader", "td_open": "cell"}
    heads: list[str] = []
    column = 0
    for at, token in enumerate(tokens):
        if token.type in roles:
            token.attrSet("role", roles[token.type])
        if token.type == "table_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            heads.append(tokens[at + 1].content)
        elif token.type == "td_open":
            if column and heads[column]:
                token.attrSet("data-label", heads[column])
            if _NUMBER.fullmatch(tokens[at + 1].content):
                token.attrJoin("class", "number")
            column += 1


def _tick_boxes(body: str) -> str:
    return re.sub(r"(<li[^>]*>(?:\s*<p>)?)\[ \] ", r'\1<span class="tick" aria-hidden="true">☐</span> ', body)


def _with_contents(
    body: str, anchors: list[tuple[str, str, str]], language: str, pages: Mapping[str, int]
) -> str:
    chapters = [(name, words) for tag, name, words in anchors if tag == "h2"]
    if len(chapters) < 5:
        return body
    numbers = {words: f'<span class="page">{page}</span>' for words, page in pages.items()}
    items = "".join(
        f'<li><a href="#{name}">{html.escape(words)}</a>{numbers.get(words, "")}</li>\n'
        for name, words in chapters
    )
    nav = f'<nav class="contents"><h2>{CONTENTS[language]}</h2>\n<ol>\n{items}</ol></nav>\n'
    return body.replace("<h2 ", f"{nav}<h2 ", 1)


def pages_of_chapters(guide: Guide, sheets: Sequence[str]) -> dict[str, int]:
    """Return on which page, counted from 1, each chapter begins; `sheets` is the text of each page."""
    found: dict[str, int] = {}
    at = 0
    for tag, words in guide.headings():
        line = re.compile(r"^\s*" + r"\s+".join(map(re.escape, words.split())) + r"\s*$", re.MULTILINE)
        on = next((page for page in range(at, len(sheets)) if line.search(sheets[page])), None)
        if tag == "h2" and on is not None:
            found[words], at = on + 1, on
    return found
