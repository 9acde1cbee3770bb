"""The first word of an SMS, where it is one of the words that mean something: LAPOR, STATUS, STOP, ...

No likeness is guessed: "lapar" (hungry) is no report of the kind LAPOR. What has no keyword is free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_FIRST_WORD = re.compile(
    r"\A[\s\"'#*.,:;!?()\[\]<>-]*(?P<word>[^\W_]+)(?P<between>[\s\"'#*.,:;!?()\[\]<>=/_-]*)", re.UNICODE
)


@dataclass(frozen=True, repr=False)
class SplitText:
    """The keyword in capitals, or None, and the rest of the text (all of it without a keyword)."""

    keyword: str | None
    rest: str


def split_keyword(text: str, keywords: Iterable[str]) -> SplitText:
    """Split the keyword off a text, whatever the case and the signs around it: "lapor#", "*Lapor*: "."""
    known = {word.upper() for word in keywords}
    found = _FIRST_WORD.match(text)
    if found is not None and found["word"].upper() in known:
        return SplitText(found["word"].upper(), text[found.end() :].strip())
    return SplitText(None, text.strip())
