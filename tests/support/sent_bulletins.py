"""A bulletin that was written by one and approved by another."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from village import VILLAGE, Region

from hub.bulletins.services import BulletinDraft
from hub.services import SignedIn

BUDI, RATNA = SignedIn("budi", "supervisor"), SignedIn("ratna", "supervisor")
TEXT = "Waspada tawaran kerja. Polisi: 110."


def send_bulletin(region: Region, **changes: Any) -> int:
    """Send one to VILLAGE and return its number."""
    bulletins = region.hub.store.bulletins
    until = bulletins.today() + datetime.timedelta(days=20)
    draft = BulletinDraft("Actual", "offer", 2, "Likely", VILLAGE, until, True, TEXT, "Beware of offers.")
    number = bulletins.save(None, replace(draft, **changes), who=BUDI)
    bulletins.submit(number, who=BUDI)
    bulletins.approve(number, bulletins.view(number, who=RATNA, first=0, limit=1).seen, who=RATNA)
    return number
