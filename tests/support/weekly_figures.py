"""Made-up figures of one week of a whole hub."""

from __future__ import annotations

from hub.weekly.facts import (
    Bulletins,
    District,
    Facts,
    Learned,
    Referrals,
    Reports,
    Rights,
    Series,
    Signals,
    Urgent,
    Villages,
    Waiting,
)

FACTS = Facts(
    week=20_829,
    areas=(),
    counted_at=1_800_500_000.5,
    judged=True,
    reports=Reports(
        total=68,
        before=41,
        low=30,
        high=50,
        kinds=(("recruiter", 52, 30), ("victim", 13, 9), ("missing", 3, 2)),
        districts=(
            District("52.02", 26, 20, 10, 30),
            District("52.03", 12, 4, 1, 9),
            District("53.04", 27, 15),
            District("53.18", 3, 2, 0, 4),
        ),
        weeks=((20_822, 10), (20_829, 68)),
        provinces=(),
    ),
    urgent=Urgent(40, 30, 23, 200.0),
    signals=Signals(12, (("excess", 12),), 3, 2, 1, 4, 1, (("notify", 2, 3),)),
    bulletins=Bulletins(1, 20, 14, 9, 0),
    villages=Villages(30, 4, ("52.02.08.2001",), ("53.18.01.2003",)),
    referrals=Referrals(14, 3, 2, 1, 1),
    series=(Series("Paspor", "Imigrasi Contoh", "52", 40, None, True),),
    learned=Learned(26, 20, 34, (("high", 8, 9),)),
    waiting=Waiting(1, 5, 6, 4, 1, 0, 1, 2),
    rights=Rights(1, 1, 1, 1, 0),
)
