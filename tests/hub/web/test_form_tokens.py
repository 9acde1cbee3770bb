"""Form tokens belong to one browser of one hub."""

from __future__ import annotations

import pytest

from hub.web.form_tokens import FormTokens


def test_a_token_matches_only_what_it_was_made_for() -> None:
    tokens = FormTokens(bytes(32))
    token = tokens.token("session-a")
    assert tokens.matches(token, "session-a")
    assert not tokens.matches(token, "session-b")
    assert not tokens.matches(token[:-1], "session-a")
    assert not tokens.matches("", "session-a")
    assert not tokens.matches("\udcff\u00e9", "session-a")
    assert not FormTokens(bytes(31) + b"x").matches(token, "session-a")


def test_the_comparison_is_the_constant_time_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = FormTokens(bytes(32))
    token = tokens.token("a")
    compared: list[bytes] = []

    def recording(a: bytes, b: bytes) -> bool:
        compared.append(b)
        return a == b

    monkeypatch.setattr("hub.web.form_tokens.hmac.compare_digest", recording)
    assert tokens.matches(token, "a")
    assert compared == [token.encode()]
