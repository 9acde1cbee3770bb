"""The order of headings on a page: one first-level heading, before all others, and no level left out."""

from __future__ import annotations

import re

_HEADING = re.compile(r"<h([1-6])[\s>]")


def heading_faults(html: str) -> str:
    """Return what is wrong with the headings of a page, or nothing."""
    levels = [int(level) for level in _HEADING.findall(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))]
    if not levels or levels[0] != 1 or levels.count(1) != 1:
        return f"not one h1 in front: {levels}"
    if any(later > before + 1 for before, later in zip(levels, levels[1:], strict=False)):
        return f"a level is left out: {levels}"
    return ""
