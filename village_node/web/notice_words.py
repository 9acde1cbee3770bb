"""Notices in words: msgids of the public site; the facilitator's site shows them as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind
from village_node.web.languages import N_

LEVEL_WORDS: Mapping[int, Mapping[int, str]] = MappingProxyType(
    {
        NoticeKind.BULLETIN: {
            BulletinLevel.INFORMATION: N_("Informasi"),
            BulletinLevel.WARNING: N_("Waspada"),
            BulletinLevel.DANGER: N_("Bahaya"),
        },
        NoticeKind.OPPORTUNITY: {
            OpportunityKind.TRAINING: N_("Pelatihan"),
            OpportunityKind.JOB: N_("Lowongan kerja"),
            OpportunityKind.SCHOLARSHIP: N_("Beasiswa"),
            OpportunityKind.COOPERATIVE: N_("Koperasi"),
        },
    }
)


def in_days(day: date) -> str:
    """Return a day as people write it: 5-12-2026."""
    return f"{day.day}-{day.month}-{day.year}"
