"""Codes of an authenticator against the vectors of RFC 6238, appendix B (SHA-1, last six digits)."""

from __future__ import annotations

import base64

import pytest

from hub.accounts.totp import address_for_authenticator, matching_step

SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_the_published_codes(at: int, code: str) -> None:
    assert matching_step(SECRET, code, at, after=0) == at // 30
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}", at, after=0) == at // 30


def test_a_code_counts_one_step_early_or_late_and_once() -> None:
    at, code = 1234567890, VECTORS[1234567890]
    step = at // 30
    assert matching_step(SECRET, code, at + 30, after=0) == step
    assert matching_step(SECRET, code, at - 30, after=0) == step
    assert matching_step(SECRET, code, at + 61, after=0) is None
    assert matching_step(SECRET, code, at - 61, after=0) is None
    assert matching_step(SECRET, code, at, after=step) is None
    assert matching_step(SECRET, code, at, after=step - 1) == step


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\u0660" * 6, "005924\x00"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(SECRET, code, 1234567890, after=0) is None


def test_the_address_for_the_authenticator() -> None:
    address = address_for_authenticator(SECRET, "sari dewi")
    assert address == f"otpauth://totp/Kentongan:sari%20dewi?secret={SECRET}&issuer=Kentongan"
