"""What was written by a telephone or a seller's program, on texts from before the signs were listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.dialogue.contract import Seems
from bots.sms.machine_signs import seems

TEXTS = Path(__file__).parents[2] / "data" / "sms-kinds.tsv"


def texts(*kinds: str) -> list[str]:
    rows = [line.split("\t") for line in TEXTS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [text for kind, text in rows if kind in kinds]


def found(seen: Seems, *kinds: str, is_quick: bool = False) -> int:
    return sum(seems(text, is_quick=is_quick) is seen for text in texts(*kinds))


@pytest.mark.parametrize("is_quick", [False, True])
def test_nothing_that_somebody_wrote_is_asked_back(is_quick: bool) -> None:
    assert found(Seems.MACHINE, "person", "hard", is_quick=is_quick) == 0
    assert found(Seems.DOUBTFUL, "person", is_quick=is_quick) == 0
    assert found(Seems.DOUBTFUL, "hard", is_quick=is_quick) <= 8


def test_machines_are_known_for_machines_or_filed_as_doubtful() -> None:
    assert found(Seems.PERSON, "reply", "service") == 0
    assert found(Seems.MACHINE, "service") >= 19
    assert found(Seems.MACHINE, "reply", is_quick=True) >= 20


@pytest.mark.parametrize(
    "text",
    [
        "Jangan balas SMS ini. Balasan otomatis, promo pulsa gratis *123#",
        "Saya sedang rapat, nanti saya hubungi. Calo itu datang",
        "Kuota habis, promo diskon 50%, https://contoh.example, gaji saya belum dibayar",
    ],
)
def test_one_word_of_a_report_or_a_wish_for_no_answer_keeps_it_from_being_asked_back(text: str) -> None:
    assert seems(text, is_quick=True) is Seems.DOUBTFUL
