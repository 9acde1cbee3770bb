"""Codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 s), by pyotp. Pure."""

from __future__ import annotations

import hmac
import re

import pyotp

STEP_S = 30
STEPS_EITHER_SIDE = 1
"""Clocks of phones differ, and people type slowly."""
ISSUER = "Kentongan"


def matching_step(secret: str, code: str, now: float, *, after: int) -> int | None:
    """Return the step whose code this is, later than `after` (the last one used), or None."""
    typed = re.sub(r"\s", "", code)
    if re.fullmatch(r"[0-9]{6}", typed) is None:
        return None
    totp, current, found = pyotp.TOTP(secret), int(now) // STEP_S, None
    for step in range(current - STEPS_EITHER_SIDE, current + STEPS_EITHER_SIDE + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed) and step > after:
            found = step
    return found


def address_for_authenticator(secret: str, name: str) -> str:
    """Return the otpauth: address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
