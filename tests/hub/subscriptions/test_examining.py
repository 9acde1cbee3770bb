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
        (WayLine("sms", 3, NOW, 200, 200, parts=3), "200 of the day's 200 are used up: about 1 more days"),
        (WayLine("sms", 2, NOW, 199, 200, parts=402), "about 3 more days"),
        (WayLine("sms", 3, NOW, 100, 200, parts=100), None),
        (WayLine("sms", 2, NOW, 0, 0, parts=2), "nothing goes"),
        (WayLine("sms", 1, NOW, 0, 2, too_long=1, longest=3), "1 messages never go: they have up to 3 parts"),
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
