"""Dossiers, what was chosen for them and said about them, under a key for each version of a referral.

As with reports: the key goes with the first report that is forgotten of the dossier, and what lies in copies
of the database cannot be read any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hub.referrals.models import Referral
from hub.retention.contents import CHOICES, DOSSIER, STEP, ReportContents, owner_of_referral


class ReferralTexts:
    """Seals and opens texts of referrals. What seals runs in a job of the writer."""

    def __init__(self, database: Any, contents: ReportContents) -> None:
        self._db = database
        self._contents = contents

    def keep(self, number: int, content: str, choices: str) -> None:
        """Put the dossier and the choices into a row that is there."""
        owner = owner_of_referral(number)
        Referral.update(
            content=self._contents.seal(owner, DOSSIER, content),
            choices=self._contents.seal(owner, CHOICES, choices),
        ).where(Referral.id == number).execute(self._db)

    def seal_step(self, number: int, text: str) -> str:
        """Return what was said in a step, sealed; an empty text stays so."""
        return self._contents.seal(owner_of_referral(number), STEP, text) if text else ""

    def content(self, row: Any) -> dict[str, Any] | None:
        """Return the dossier of a row of `Referral`; None where it was forgotten."""
        text = self._opened(row.id, DOSSIER, row.content)
        found: dict[str, Any] | None = json.loads(text) if text else None
        return found

    def choices(self, row: Any) -> str:
        """Return what was chosen as it was kept; empty where it was forgotten."""
        return self._opened(row.id, CHOICES, row.choices)

    def step_texts(self, number: int, stored: Iterable[str]) -> list[str]:
        """Return the texts of steps of one referral, in their order."""
        keys = self._contents.keys_of([owner_of_referral(number)])
        return [_open(keys, number, STEP, text) for text in stored]

    def _opened(self, number: int, what: str, stored: str) -> str:
        return _open(self._contents.keys_of([owner_of_referral(number)]), number, what, stored)


def _open(keys: Any, number: int, what: str, stored: str) -> str:
    try:
        return str(keys.open(owner_of_referral(number), what, stored)) if stored else ""
    except KeyError:
        return ""
