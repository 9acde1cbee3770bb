"""Every text that the village site shows, for its catalogues: from the templates, the questions, the notices.

Nothing of this is needed while serving.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from content.report_choices import NOT_SAID
from village_node.web import follow_up_pages, guards, notices, receipt_pages
from village_node.web.emergency_numbers import EMERGENCY_NUMBERS
from village_node.web.pictures import NAMES
from village_node.web.questions import QUESTIONS
from village_node.web.steps import FIRST, MORE

_HERE = Path(__file__).parent
_IN_TEMPLATE = re.compile(r'_\("((?:[^"\\]|\\.)*)"')
_FACILITATOR = ("health.html",)


def _of_templates() -> Iterator[str]:
    for file in sorted((_HERE / "templates").glob("*.html")):
        if file.name not in _FACILITATOR:
            yield from _IN_TEMPLATE.findall(file.read_text("utf-8"))


def _of_code() -> Iterator[str]:
    """Texts that modules mark with `N_` or translate at once."""
    for file in sorted(_HERE.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                said = node.args[0] if node.args and node.func.id in ("N_", "translate") else None
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value


def _of_questions() -> Iterator[str]:
    yield NOT_SAID
    for chain in (FIRST, *MORE):
        yield chain.title
        yield from (step.heading for step in chain.steps)
    for question in QUESTIONS.values():
        yield from (question.label, question.hint, question.other)
        yield from (choice.label for choice in (*question.choices, *question.tiles))
        for group in question.groups:
            yield group.heading
            yield from (choice.label for choice in group.choices)


def _of_notices() -> Iterator[str]:
    for notice in notices.NOTICES:
        yield from (notice.heading, *notice.sentences)
    for problem in receipt_pages.PROBLEMS:
        yield from (problem.heading, *problem.sentences)
    for page in guards.ERROR_PAGES:
        yield from (page.heading, *page.sentences)
    yield from receipt_pages.STEP_TEXTS.values()
    yield from (text for _, text in follow_up_pages.REASONS)
    for number in EMERGENCY_NUMBERS:
        yield from (number.who, number.note)
    yield from NAMES


def all_messages() -> list[str]:
    """Return each text once, in the order in which it is met."""
    every = (*_of_questions(), *_of_templates(), *_of_notices(), *_of_code())
    return list(dict.fromkeys(text for text in every if text))
