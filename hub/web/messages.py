"""Every text that the hub's pages show, for their catalogues: from the templates and from what modules mark.

Nothing of this is needed while serving.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from hub.web.template_texts import translate_templates

_HUB = Path(__file__).parent.parent
_MARKS = {"N_": False, "counted": True, "counted_words": True}
"""What modules mark texts with, and whether a text has a form for one and another for many."""


@dataclass(frozen=True)
class Message:
    """One text, and whether English has a form of it for one and another for many."""

    text: str
    counted: bool = False


def _of_templates() -> Iterator[Message]:
    environment = Environment(autoescape=True)
    translate_templates(environment)
    for file in sorted((_HUB / "web" / "templates").glob("*.html")):
        for _, function, said in environment.extract_translations(file.read_text("utf-8")):  # type: ignore[attr-defined]
            one = said if isinstance(said, str) else said[0]
            yield Message(one, counted=function == "ngettext")


def _of_code() -> Iterator[Message]:
    for file in sorted(_HUB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MARKS:
                said = node.args[0] if node.args else None
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield Message(said.value, _MARKS[node.func.id])


def all_messages() -> list[Message]:
    """Return each text once, in the order in which it is met; one that is counted anywhere is counted."""
    found: dict[str, bool] = {}
    for message in (*_of_templates(), *_of_code()):
        found[message.text] = found.get(message.text, False) or message.counted
    return [Message(text, counted) for text, counted in found.items()]
