"""Who may be answered, and keys that tell no number."""

from __future__ import annotations

import pytest

from bots.sms.senders import SenderKeys, SenderKind, kind_of


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
        ("1234567", False, SenderKind.UNKNOWN),
        ("+" + "1" * 16, False, SenderKind.UNKNOWN),
    ],
)
def test_only_people_s_numbers_are_answered(sender: str, is_alphanumeric: bool, kind: SenderKind) -> None:
    assert kind_of(sender, is_alphanumeric=is_alphanumeric) is kind


def test_one_person_has_one_key_however_the_number_is_written() -> None:
    keys = SenderKeys(bytes(32))
    assert keys.key_of("+6281200001234") == keys.key_of("081200001234") == keys.key_of("62812-0000-1234")
    assert keys.key_of("+6281200001234") != keys.key_of("+6281200001235")


def test_keys_of_another_start_are_others() -> None:
    assert SenderKeys().key_of("+6281200001234") != SenderKeys().key_of("+6281200001234")
