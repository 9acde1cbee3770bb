"""Whoever catches any error at all says beside it why: else a fault of ours is lost, or told in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = ("sync", "content", "firmware_bridge", "village_node", "hub", "bots")
BROAD = {"Exception", "BaseException"}


def broad_places(source: str) -> Iterator[tuple[int, int]]:
    """Yield the first line of each place that catches anything, and the line of what it then does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            names = (
                {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)} if node.type else BROAD
            )
            if names & BROAD:
                yield node.lineno, node.body[0].lineno
        if not isinstance(node, ast.Call) or not _called(node).endswith("suppress"):
            continue
        if BROAD & {one.id for one in node.args if isinstance(one, ast.Name)}:
            yield node.lineno, node.lineno


def _called(node: ast.Call) -> str:
    """Return the last word of what is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def without_reason(source: str, places: list[tuple[int, int]]) -> list[int]:
    """Return the lines that catch anything and have no comment there, before or on what they do."""
    lines = source.splitlines()
    return [
        first
        for first, then in places
        if not any("#" in line and "noqa" not in line for line in lines[first - 1 : max(first, then - 1)])
    ]


def test_every_broad_except_has_its_reason_beside_it() -> None:
    files = [path for folder in PROGRAMS for path in sorted((ROOT / folder).rglob("*.py"))]
    found = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in files}
    places = {name: list(broad_places(text)) for name, text in found.items()}
    assert sum(map(len, places.values())) > 40
    bare = {name: without_reason(text, places[name]) for name, text in found.items()}
    assert {name: lines for name, lines in bare.items() if lines} == {}


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("try:\n    f()\nexcept Exception:\n    pass", [3]),
        ("try:\n    f()\nexcept (ValueError, Exception) as error:\n    g(error)", [3]),
        ("try:\n    f()\nexcept:\n    pass", [3]),
        ("with suppress(Exception):\n    f()", [1]),
        ("try:\n    f()\nexcept Exception:  # a fault of ours\n    pass", []),
        ("try:\n    f()\nexcept Exception:\n    # a fault of ours\n    pass", []),
        ("try:\n    f()\nexcept ValueError:\n    pass", []),
    ],
)
def test_one_without_is_seen(body: str, seen: list[int]) -> None:
    """The control."""
    assert without_reason(body, list(broad_places(body))) == seen
