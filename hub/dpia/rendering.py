"""A document of headings, paragraphs, lists and tables as Markdown and as one printable HTML page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

_STYLE = (
    "body{font:11pt/1.4 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-size:9pt}"
    "th,td{border:1px solid #777;padding:.2rem .4rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "thead{display:table-header-group}tr{break-inside:avoid}h2{break-after:avoid}"
)


@dataclass(frozen=True)
class Table:
    """Rows of texts below their headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = str | tuple[str, ...] | Table
"""A paragraph, the items of a list, or a table."""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """Return the document as Markdown with tables."""
    lines = [f"# {_plain(title)}", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for block in section.blocks:
            if isinstance(block, Table):
                lines.append(_row(block.heads))
                lines.append(_row(["---"] * len(block.heads)))
                lines += [_row(row) for row in block.rows]
            elif isinstance(block, str):
                lines.append(_plain(block))
            else:
                lines += [f"- {_plain(item)}" for item in block]
            lines.append("")
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Return a text in one line in which no markup of its own counts."""
    return " ".join(text.split()).replace("<", "&lt;")


def as_html(title: str, sections: Sequence[Section]) -> str:
    """Return the document as one page that loads nothing."""
    parts = [
        f'<!doctype html>\n<html lang="id">\n<head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n"
    ]
    for section in sections:
        parts.append(f"<h2>{escape(section.title)}</h2>\n")
        for block in section.blocks:
            if isinstance(block, Table):
                heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in block.heads)
                rows = "".join(
                    "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n"
                    for row in block.rows
                )
                parts.append(f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
            elif isinstance(block, str):
                parts.append(f"<p>{escape(block)}</p>\n")
            else:
                items = "".join(f"<li>{escape(item)}</li>\n" for item in block)
                parts.append(f"<ul>\n{items}</ul>\n")
    return "".join([*parts, "</body>\n</html>\n"])
