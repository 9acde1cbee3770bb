"""Tokens: kept as a hash, within their maker's areas, ended by time and by hand."""

from __future__ import annotations

import re

import pytest
from inbox_arrivals import noted
from village import VILLAGE, Region, dump

from hub.exports.api_services import UnknownToken
from hub.exports.services import ExportRefused
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")


def test_a_token_opens_its_scopes_and_areas_until_it_ends(region: Region) -> None:
    tokens = region.hub.store.sharing.tokens
    token = tokens.make("Dasbor BP3MI", ("counts", "reports"), (VILLAGE[:5], VILLAGE), 9, who=KETUT)
    assert re.fullmatch(r"kt1_[\w-]{43}", token, re.ASCII)
    program = tokens.program(token)
    assert program is not None
    assert (program.who.name, program.who.areas) == ("token 1", (VILLAGE[:5],))
    assert program.scopes == {"counts", "reports"}
    region.clock.advance(9 * 86_400)
    assert tokens.program(token) is None
    assert not tokens.rows()[0].lives


def test_a_revoked_or_wrong_token_opens_nothing(region: Region) -> None:
    tokens = region.hub.store.sharing.tokens
    token = tokens.make("Contoh", ("counts",), (), 9, who=KETUT)
    other = tokens.make("Contoh", ("counts",), (), 9, who=KETUT)
    secret = other.partition("_")[2]
    wrong = [f"kt1_{secret}", f"kt9_{secret}", token[:-1], f"{token} ", "", "kt0_" + "A" * 43, "\u0661"]
    assert [one for one in wrong if tokens.program(one) is not None] == []
    tokens.revoke(1, who=KETUT)
    assert tokens.program(token) is None
    assert tokens.program(other) is not None
    with pytest.raises(UnknownToken):
        tokens.revoke(9, who=KETUT)
    assert noted(region)[-3:] == [
        ("ketut", "token made", "token counts"),
        ("ketut", "token made", "token counts"),
        ("ketut", "token revoked", "token 1"),
    ]


def test_the_store_holds_no_token(region: Region) -> None:
    token = region.hub.store.sharing.tokens.make("Contoh", ("counts",), (), 9, who=KETUT)
    if region.database_url is None:
        kept = repr(dump(region.hub_folder))
        assert "Contoh" in kept
        assert token.partition("_")[2] not in kept


@pytest.mark.parametrize(
    ("purpose", "scopes", "areas", "days", "who"),
    [
        (" ", ("counts",), (), 9, KETUT),
        ("x", (), (), 9, KETUT),
        ("x", ("people",), (), 9, KETUT),
        ("x", ("counts",), (), 0, KETUT),
        ("x", ("counts",), (), 367, KETUT),
        ("x", ("counts",), ("99",), 9, KETUT),
        ("x", ("counts",), (), 9, SignedIn("k", "administrator", ("52",))),
        ("x", ("counts",), ("53",), 9, SignedIn("k", "administrator", ("52",))),
    ],
)
def test_what_no_token_may_be_is_refused(
    region: Region, purpose: str, scopes: tuple[str, ...], areas: tuple[str, ...], days: int, who: SignedIn
) -> None:
    with pytest.raises(ExportRefused):
        region.hub.store.sharing.tokens.make(purpose, scopes, areas, days, who=who)
    assert region.hub.store.sharing.tokens.rows() == []
