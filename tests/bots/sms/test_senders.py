"""Who may be answered, and one form for each number."""

from __future__ import annotations

import pytest

from bots.sms.senders import SenderKind, kind_of, usual_number


@pytest.mark.parametrize(
    ("sender", "is_alphanumeric", "kind"),
    [
        ("+6281200001234", False, SenderKind.PERSON),
        ("081200001234", False, SenderKind.PERSON),
        ("+60120000123", False, SenderKind.PERSON),
        ("TELKOMSEL", True, SenderKind.SERVICE),
        ("12345678", True, SenderKind.SERVICE),
        ("3636", False, SenderKind.SERVICE),
        ("999999", False, SenderKind.SERVICE),
        ("", False, SenderKind.UNKNOWN),
        ("*123#", False, SenderKind.UNKNOWN),
        ("08091000000", False, SenderKind.PREMIUM),
        ("1234567", False, SenderKind.UNKNOWN),
        ("+" + "1" * 16, False, SenderKind.UNKNOWN),
    ],
)
def test_only_people_s_numbers_are_answered(sender: str, is_alphanumeric: bool, kind: SenderKind) -> None:
    assert kind_of(sender, is_alphanumeric=is_alphanumeric) is kind


def test_a_number_has_one_form_however_it_is_written() -> None:
    assert usual_number("+6281200001234") == usual_number("081200001234") == usual_number("62812-0000-1234")
    assert usual_number("+6281200001234") != usual_number("+6281200001235")
