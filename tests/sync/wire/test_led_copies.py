from __future__ import annotations

import pytest
from hypothesis import given
from strategies import patient, texts

from sync.wire.copies import Copy
from sync.wire.led_copies import FirmCopy, LedCopy, NameCopy

NARRATIVE = "Kemarin di Batam ada orang. Namanya pak Rudi Hartono, katanya dari PT Cahaya Timur Lestari."


@pytest.mark.parametrize(
    ("kind", "text", "rank"),
    [
        (NameCopy, "pak Rudi Hartono", 0),
        (NameCopy, "Batam", 1),
        (NameCopy, "Rudi Hartono", 2),
        (FirmCopy, "PT Cahaya Timur Lestari", 0),
        (LedCopy, "Batam", 0),
        (LedCopy, "Kemarin", 7),
        (LedCopy, "di", 9),
    ],
)
def test_names_and_firms_are_found_first(kind: type[LedCopy], text: str, rank: int) -> None:
    copy = kind.find(text, NARRATIVE)
    assert copy is not None
    assert copy.rank == rank
    assert copy.of(NARRATIVE) == text


def test_a_form_of_address_without_a_capital_leads_nowhere() -> None:
    assert NameCopy.find("pak", "tolong pak, saya di Batam") == NameCopy(2, 1, 0)


def test_letters_beyond_ascii_are_no_form_of_address() -> None:
    # The Kelvin sign is a k to str.lower().
    assert NameCopy.find("\u212aang Dodi", "Ada \u212aang Dodi") == NameCopy(2, 2, 0)


@patient
@given(texts(120), texts(20))
def test_what_is_found_is_what_is_copied(narrative: str, text: str) -> None:
    for kind in (Copy, LedCopy, NameCopy, FirmCopy):
        for wanted in (text, narrative[3:9]):
            copy = kind.find(wanted, narrative)
            assert copy is None or (type(copy) is kind and copy.of(narrative) == wanted)
        # All rankings name the same words, so every model leaves the same texts to the text model.
        assert (kind.find(narrative[3:9], narrative) is None) == (
            Copy.find(narrative[3:9], narrative) is None
        )
