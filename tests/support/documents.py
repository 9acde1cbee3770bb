"""The documents of the project: what people read, with their headings and the commands that they quote."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@cache
def page(name: str) -> str:
    """Return a page of docs/ by its name."""
    return (DOCS / f"{name}.md").read_text("utf-8")


def documents() -> list[Path]:
    """Return the readme, the pages of docs/ and the guides."""
    return [ROOT / "README.md", *sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("guides/*/*.md"))]


def name_of(document: Path) -> str:
    return str(document.relative_to(DOCS)) if document.is_relative_to(DOCS) else document.name


def without_code_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors_of(text: str) -> set[str]:
    """Return the names that a forge gives to the headings of a page."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", without_code_blocks(text), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
        found.add(plain.strip().replace(" ", "-"))
    return found


def quoted_commands(program: str) -> Iterator[tuple[str, str]]:
    """Yield (document, command) for each command that begins so in code, spans and blocks alike."""
    for document in documents():
        text = document.read_text("utf-8")
        spans = re.findall(rf"`({program}[^`]*)`", without_code_blocks(text))
        for block in re.findall(r"^```.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            spans += re.findall(rf"^\s*\$?\s*(?:sudo )?(?:\.venv/bin/)?({program}.*)$", block, re.MULTILINE)
        for line in re.findall(
            rf"^    (?:sudo )?(?:\.venv/bin/)?({program}.*)$", without_code_blocks(text), re.MULTILINE
        ):
            spans.append(line)
        yield from ((name_of(document), span) for span in spans)


def help_blocks(text: str) -> list[tuple[str, str]]:
    """Return (command, what stands there) for each block that quotes what `--help` prints."""
    return re.findall(r"^```help (.+?)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def stands(file: str, path: list[str]) -> bool:
    """Return whether a file of tests has this test, alone or in its class; of no path, any file."""
    if not (ROOT / file).is_file():
        return False
    within: list[ast.AST] = [ast.parse((ROOT / file).read_text("utf-8"))]
    for name in path:
        inner = [one for outer in within for one in ast.walk(outer) if one is not outer]
        within = [
            one for one in inner if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name == name
        ]
    return bool(within)
