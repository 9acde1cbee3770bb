"""No regular expression of ours takes a time beyond all bounds, whatever it is given.

Each is read out of the source, and fed with what its own parts would repeat, followed by what does not fit.
One that tries all ways to cut a text (`(a+)+$`) doubles its work with each letter: thirty are enough.
"""

from __future__ import annotations

import ast
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from attack_size import times

ROOT = Path(__file__).parents[2]
PROGRAMS = ("sync", "content", "firmware_bridge", "village_node", "hub", "bots")
FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
PROCESSOR_S = 0.15
"""What one text may take: a sound expression takes a thousandth, a broken one longer than anybody lives."""
SPOILS = ("", "!", "\0", "\n", "a!")
LENGTHS = (30, min(1_000, times(150)))
PUMPS = min(24, times(8))


def patterns() -> Iterator[tuple[str, int]]:
    """Yield every expression that stands as a text in our programs, with whether it is one of bytes."""
    for folder in PROGRAMS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text("utf-8")
            for node in ast.walk(ast.parse(source)) if "import re\n" in source else ():
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "re"
                    and node.func.attr in FUNCTIONS
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    text, verbose = node.args[0].value, "VERBOSE" in ast.dump(node)
                    if isinstance(text, str | bytes):
                        told = text.decode("latin-1") if isinstance(text, bytes) else text
                        yield told, int(re.VERBOSE) * verbose


def pumps(pattern: str) -> set[str]:
    """Return short texts out of which the expression's own repeats are made."""
    plain = re.sub(r"\\[wdsbSDWB]|[\[\](){}^$|?*+.\\]", " ", pattern)
    found = {part[:12] for part in plain.split() if part} | {"a", "0", " ", ".", "-", "a ", "0-", "a.", "\t"}
    return set(sorted(found)[:PUMPS])


class _TooLong(Exception):
    pass


def _end(number: int, frame: FrameType | None) -> None:
    raise _TooLong


def takes_too_long(pattern: str, flags: int = 0) -> str:
    """Return the text that takes an expression too long, or nothing."""
    found = re.compile(pattern, flags)
    before = signal.signal(signal.SIGVTALRM, _end)
    try:
        for pump in sorted(pumps(pattern)):
            for length in LENGTHS:
                for spoil in SPOILS[: 2 if length > 30 else len(SPOILS)]:
                    signal.setitimer(signal.ITIMER_VIRTUAL, PROCESSOR_S)
                    try:
                        found.search(pump * length + spoil)
                    except _TooLong:
                        return f"{pump!r} * {length} + {spoil!r}"
                    finally:
                        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return ""


def test_every_expression_ends() -> None:
    every = sorted(set(patterns()))
    assert len(every) > 100
    assert {text: slow for text, flags in every if (slow := takes_too_long(text, flags))} == {}


@pytest.mark.parametrize("broken", ["(a+)+$", r"(\w+\s?)*#$"])
def test_one_that_does_not_end_is_seen(broken: str) -> None:
    """The control."""
    assert takes_too_long(broken)
