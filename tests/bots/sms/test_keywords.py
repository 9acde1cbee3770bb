"""Keywords in front of a text."""

from __future__ import annotations

import pytest

from bots.sms.keywords import SplitText, split_keyword

WORDS = ("lapor", "STATUS", "STOP")


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("LAPOR anak dibawa", SplitText("LAPOR", "anak dibawa")),
        ("lapor#anak dibawa", SplitText("LAPOR", "anak dibawa")),
        ("  *Lapor* : anak\ndibawa ", SplitText("LAPOR", "anak\ndibawa")),
        ("Status", SplitText("STATUS", "")),
        ("STATUS-MELATI 21", SplitText("STATUS", "MELATI 21")),
        ("lapar sekali", SplitText(None, "lapar sekali")),
        ("laporan anak dibawa", SplitText(None, "laporan anak dibawa")),
        ("anak saya, lapor", SplitText(None, "anak saya, lapor")),
        ("", SplitText(None, "")),
        ("...", SplitText(None, "...")),
        ("😀 STOP", SplitText(None, "😀 STOP")),
    ],
)
def test_the_first_word_counts_whatever_stands_around_it(text: str, split: SplitText) -> None:
    assert split_keyword(text, WORDS) == split
