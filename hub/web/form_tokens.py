"""Tokens that tie a form to the browser it was shown in (against forged requests from other sites)."""

from __future__ import annotations

import hmac

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a form field, not a secret


class FormTokens:
    """Makes and checks tokens; nothing is stored, the token is a keyed hash of what it is bound to."""

    def __init__(self, secret_key: bytes) -> None:
        # A key of its own: the cookie signer uses `secret_key` too.
        self._key = hmac.digest(secret_key, b"kentongan/hub/form-token/1", "sha256")

    def token(self, bound_to: str) -> str:
        """Return the token for forms shown under `bound_to`, such as a session's id."""
        return hmac.digest(self._key, bound_to.encode("utf-8", "surrogatepass"), "sha256").hex()

    def matches(self, token: str, bound_to: str) -> bool:
        """Return whether `token` was made for `bound_to`; takes the same time for every token."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token(bound_to).encode())
