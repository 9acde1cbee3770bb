"""Which reports an account may see: the one place where areas of accounts enter linking."""

from __future__ import annotations

from hub.services import SignedIn


def may_see(who: SignedIn, village: str) -> bool:
    """Tell whether an account may see what a village sent; an account without areas sees all."""
    areas: tuple[str, ...] = getattr(who, "areas", ())
    return not areas or any(village.startswith(area) for area in areas)
