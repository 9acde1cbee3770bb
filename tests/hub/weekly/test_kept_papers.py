"""A paper that was drawn once is not drawn again; any other figure, language or correction is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from weekly_figures import FACTS

from hub.web.local_time import local_time
from hub.weekly import paper_content
from hub.weekly.paper_content import KeptPapers
from hub.weekly.services import KeptReport

LOCAL = local_time("Asia/Makassar")
INSIDE = KeptReport(FACTS, 1, 1, FACTS.counted_at)


def test_only_what_is_the_same_to_the_letter_is_taken_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[dict[str, Any]] = []

    def draw(content: dict[str, Any], module: str) -> bytes:
        drawn.append(content)
        return str(len(drawn)).encode()

    monkeypatch.setattr(paper_content, "draw_in_child", draw)
    papers = KeptPapers(most=3)
    corrected = replace(INSIDE, version=2, latest=2)
    later = replace(
        INSIDE, facts=replace(FACTS, counted_at=FACTS.counted_at + 86_400), made_at=FACTS.counted_at + 86_400
    )
    asked = [(INSIDE, "id"), (INSIDE, "id"), (INSIDE, "en"), (corrected, "id"), (INSIDE, "id"), (later, "id")]
    given = [papers.pdf_of(kept, "Kantor Contoh", LOCAL, language) for kept, language in asked]
    assert given == [b"1", b"1", b"2", b"3", b"1", b"4"]
    # Three are kept: the one that was not asked for longest, in English, is drawn anew.
    assert papers.pdf_of(INSIDE, "Kantor Contoh", LOCAL, "en") == b"5"
    assert papers.pdf_of(INSIDE, "Kantor Contoh", LOCAL, "id") == b"1"
