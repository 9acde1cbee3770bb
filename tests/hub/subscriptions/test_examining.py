from __future__ import annotations

import pytest

from hub.subscriptions.examining import SILENT_S, problems
from hub.subscriptions.services import WayLine

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (WayLine("telegram", 0, None), None),
        (WayLine("telegram", 3, NOW - 5), None),
        (WayLine("telegram", 3, None), "no bot of the hub fetches"),
        (WayLine("sms", 3, NOW - SILENT_S - 1, 0, 200), "no bot of the hub fetches"),
        (WayLine("sms", 3, NOW, 200, 200), "used up"),
        (WayLine("sms", 0, NOW, 200, 200), None),
    ],
)
def test_what_waits_without_hope_is_said_with_what_to_do(line: WayLine, words: str | None) -> None:
    found = list(problems([line], NOW))
    assert (words is None) == (not found)
    for check, problem, do in found:
        assert line.way in check
        assert words is not None
        assert words in problem
        assert "kentongan" in do
