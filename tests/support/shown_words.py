"""Every word that the pages can show, out of catalogues, templates and modules: for what documents quote."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = {"village": "village_node/web/locale/en", "hub": "hub/web/locale/en", "bots": "bots/locale/en"}
EVERYWHERE = frozenset({*CATALOGUES, "own"})
"""The programs whose words are shown; "own": the facilitator's site and the doctors, not translated."""
_OWN_TEMPLATES = ("facilitator/*.html", "health.html")
"""Templates that are not translated: their text stands in them."""
_OWN_MODULES = ("village_node/**/*.py", "*/doctor.py", "bots/*/doctor.py")
"""Modules whose words people read as they stand: the facilitator's pages, and what doctors print."""

_TEMPLATE = re.compile(r"\{[{%#].*?[%}#]\}", re.DOTALL)
_BUTTON = re.compile(
    r"<(?:button|a|summary|label)\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>(.*?)</(?:button|a|summary|label)>",
    re.DOTALL,
)
_MACRO = re.compile(r"\{\{ ?(?:act|button)\((.*?)\) ?\}\}", re.DOTALL)
"""A template's own macro that draws a button."""


@cache
def shown_words(language: str, programs: frozenset[str] = EVERYWHERE) -> frozenset[str]:
    """Return what programs show in a language, word for word; "own" is in each language."""
    found = set(_own_words()) if "own" in programs else set()
    for folder in (CATALOGUES[program] for program in programs & CATALOGUES.keys()):
        for message in _messages(folder):
            said = (message.id if language == "id" else message.string) or ""
            found |= {said} if isinstance(said, str) else {form for form in said if form}
    return frozenset(_folded(text) for text in found if text)


@cache
def pressable_words(language: str) -> frozenset[str]:
    """Return what stands on buttons, links and things that unfold, in any program."""
    found: set[str] = set()
    for path in (ROOT / "village_node" / "web").glob("*.py"):
        found |= _constants(path)
    for program in ("village_node", "hub"):
        for path in (ROOT / program / "web" / "templates").glob("**/*.html"):
            text = path.read_text("utf-8")
            for body in (*_BUTTON.findall(text), *_MACRO.findall(text)):
                found |= set(re.findall(r'"([^"{}<>]+)"', body))
                found |= {part.strip() for part in re.split(r"<[^>]*>|\n", _TEMPLATE.sub("\n", body))}
    said = {
        str(message.string)
        for folder in CATALOGUES.values()
        for message in _messages(folder)
        if isinstance(message.id, str) and _folded(message.id) in found
    }
    return frozenset(_folded(text) for text in (found if language == "id" else found | said) if text)


@cache
def _messages(folder: str) -> tuple[Message, ...]:
    [file] = (ROOT / folder).glob("LC_MESSAGES/*.po")
    with file.open("rb") as opened:
        return tuple(read_po(opened))


def _constants(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _own_words() -> set[str]:
    found: set[str] = set()
    for pattern in _OWN_TEMPLATES:
        for path in (ROOT / "village_node" / "web" / "templates").glob(pattern):
            text = path.read_text("utf-8")
            found |= set(
                re.findall(r'"([^"{}<>]+)"', " ".join(re.findall(r"\{[{%](.*?)[%}]\}", text, re.DOTALL)))
            )
            text = _TEMPLATE.sub("\n", text)
            found |= {part.strip() for part in re.split(r"<[^>]*>|\n", text)}
    for pattern in _OWN_MODULES:
        for path in ROOT.glob(pattern):
            found |= _constants(path)
    return {text for text in found if len(text) < 200}


def _folded(text: str) -> str:
    return " ".join(text.split())


def is_shown(words: str, language: str, programs: frozenset[str] = EVERYWHERE) -> bool:
    """Return whether a page shows these words, also with a number or name put in, or with a mark behind."""
    return any(words + mark in shown_words(language, programs) for mark in ("", ":", ".", "?", "!"))
