"""Every word that the pages can show, out of catalogues, templates and modules: for what documents quote."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
_CATALOGUES = ("village_node/web/locale/en", "hub/web/locale/en", "bots/locale/en")
_OWN_TEMPLATES = ("facilitator/*.html", "health.html")
"""Templates that are not translated: their text stands in them."""
_OWN_MODULES = ("village_node/**/*.py", "*/doctor.py", "bots/*/doctor.py")
"""Modules whose words people read as they stand: the facilitator's pages, and what doctors print."""


@cache
def shown_words(language: str) -> frozenset[str]:
    """Return what pages show in a language, word for word; the facilitator's pages are Indonesian in each."""
    found = set(_own_words())
    for folder in _CATALOGUES:
        [file] = (ROOT / folder).glob("LC_MESSAGES/*.po")
        with file.open("rb") as opened:
            messages = list(read_po(opened))
        for message in messages:
            said = (message.id if language == "id" else message.string) or ""
            found |= {said} if isinstance(said, str) else {form for form in said if form}
    return frozenset(_folded(text) for text in found if text)


def _own_words() -> set[str]:
    found: set[str] = set()
    for pattern in _OWN_TEMPLATES:
        for path in (ROOT / "village_node" / "web" / "templates").glob(pattern):
            text = path.read_text("utf-8")
            found |= set(
                re.findall(r'"([^"{}<>]+)"', " ".join(re.findall(r"\{[{%](.*?)[%}]\}", text, re.DOTALL)))
            )
            text = re.sub(r"\{[{%#].*?[%}#]\}", "\n", text, flags=re.DOTALL)
            found |= {part.strip() for part in re.split(r"<[^>]*>|\n", text)}
    for pattern in _OWN_MODULES:
        for path in ROOT.glob(pattern):
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            found |= {
                node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return {text for text in found if len(text) < 200}


def _folded(text: str) -> str:
    return " ".join(text.split())


def is_shown(words: str, language: str) -> bool:
    """Return whether a page shows these words, also with a number or name put in, or with a mark behind."""
    return any(words + mark in shown_words(language) for mark in ("", ":", ".", "?", "!"))
