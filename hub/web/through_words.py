"""Places that routes lead through, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.flows.transit import OTHER, PLACES, SEA
from hub.languages import N_
from hub.web.report_words import COUNTRY_WORDS

_NAMED_BY_COUNTRY: Final = frozenset(
    {"malaysia", "singapore", "thailand", "vietnam", "philippines", "emirates", "qatar", "hong_kong"}
)
THROUGH_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        key: COUNTRY_WORDS[place.country] if key in _NAMED_BY_COUNTRY else place.name
        for key, place in PLACES.items()
    }
    | {OTHER: N_("tempat lain"), SEA: N_("laut, tanpa nama tempat")}
)
