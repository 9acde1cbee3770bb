"""Which villages an account may see: one predicate, and the same as a condition for lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee

from hub.account_services import AccountRefused
from hub.services import SignedIn
from sync.areas.table import area_table


def check_areas(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes sorted, without those that stand below another; raise AccountRefused."""
    kept: list[str] = []
    for code in sorted(set(codes)):
        if code not in area_table():
            raise AccountRefused("area")
        if not any(code.startswith(f"{above}.") for above in kept):
            kept.append(code)
    return tuple(kept)


def lies_within(areas: tuple[str, ...], account: SignedIn | str) -> bool:
    """Return whether whoever has these areas sees nothing beyond what `account` sees."""
    if isinstance(account, str) or not account.areas:
        return True
    return bool(areas) and all(may_see(account, code) for code in areas)


def areas_of(account: SignedIn | str) -> tuple[str, ...]:
    """Return the areas that decide what an account sees; empty for one that sees all."""
    return () if isinstance(account, str) else tuple(account.areas)


def may_see(account: SignedIn | str, village: str) -> bool:
    """Return whether an account may see what comes from a village.

    A name alone is no account: it stands for the command line of this machine, which may see everything.
    Pages always pass the account.
    """
    if isinstance(account, str) or not account.areas:
        return True
    return any(village == code or village.startswith(f"{code}.") for code in account.areas)


def sees(account: SignedIn | str, village: Any) -> Any:
    """Return `may_see` as a peewee expression over a column with the village's code.

    No ranges: how "." sorts differs from one PostgreSQL to the next. Nodes are few.
    """
    if isinstance(account, str) or not account.areas:
        return peewee.Value(True) == peewee.Value(True)
    condition = None
    for code in account.areas:
        below = (village == code) | village.startswith(f"{code}.")
        condition = below if condition is None else condition | below
    return condition
