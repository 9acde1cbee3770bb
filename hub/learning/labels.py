"""The reports that there are labels for, one row each: their score, and what verification said.

It reads scores, and never adds them up by area or people: of a district or a kind of reporter only the
outcomes of verification are counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import peewee

from hub.accounts.areas import sees
from hub.cases.models import Triage
from hub.links.bulk import select_in
from hub.models import Report
from hub.retention.contents import ReportContents
from hub.risk.models import RandomDraw, TriageScore
from hub.risk.random_share import LOWEST_BANDS
from hub.risk.scoring import BANDS
from hub.services import SignedIn
from sync.storage.database import connect

MOST_LOOKED_AT: Final = 20_000
MOST_READ: Final = 2_000
"""Verified reports whose text is opened for the reporter's relation: the newest."""
CONFIRMED, REFUTED, UNVERIFIABLE = "confirmed", "refuted", "unverifiable"
_AT_ONCE: Final = 500
_CAME: Final = {CONFIRMED: True, REFUTED: False}


class Judged(NamedTuple):
    """One report: the band as computed, what a person put in its place, and its verification.

    `chance`, `drawn` and `excused` as in `hub.risk.models.RandomDraw`; `rules` holds the codes of those that
    held, with spaces between.
    """

    id: str
    received_at: float
    district: str
    verification: str
    band: str
    points: int
    version: str
    staff_band: str | None
    chance: float = 0.0
    drawn: bool = False
    excused: bool = False
    rules: str = ""

    @property
    def is_low(self) -> bool:
        """Return whether it is of those of which a random share is verified, and had its draw."""
        return self.band in LOWEST_BANDS and self.chance > 0

    @property
    def came(self) -> bool | None:
        """Return whether it was confirmed; None where verification did not say so or the opposite."""
        return _CAME.get(self.verification)


def judged(database: Any, since: float, who: SignedIn | str) -> tuple[list[Judged], bool]:
    """Return the newest reports since a time that an account may see, and whether there were more."""
    connect(database)
    query = (
        Report.select(
            Report.id,
            Report.received_at,
            Triage.regency,
            Triage.verification,
            TriageScore.band,
            TriageScore.points,
            TriageScore.version,
            TriageScore.staff_band,
            peewee.fn.COALESCE(RandomDraw.chance, 0.0),
            peewee.fn.COALESCE(RandomDraw.drawn, False),
            peewee.fn.COALESCE(RandomDraw.excused, False),
            TriageScore.rules,
        )
        .join(Triage, on=(Triage.report == Report.id))
        .join(TriageScore, on=(TriageScore.report == Report.id))
        .join(RandomDraw, peewee.JOIN.LEFT_OUTER, on=(RandomDraw.report == Report.id))
        .where((Report.received_at >= since) & sees(who, Triage.village))
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(MOST_LOOKED_AT + 1)
    )
    # Rows as the database gives them: to let peewee read each column took a third of the page.
    rows = [_from_row(row) for row in database.execute(query).fetchall()]
    return rows[:MOST_LOOKED_AT], len(rows) > MOST_LOOKED_AT


def _from_row(row: tuple[Any, ...]) -> Judged:
    """SQLite gives 0 and 1 for what is true or not."""
    return Judged._make((*row[:9], bool(row[9]), bool(row[10]), row[11]))


def came_by_band(reports: Iterable[Judged]) -> tuple[tuple[str, int, int], ...]:
    """Return each band with how many of its labels were confirmed, and how many there are; highest first."""
    labels = [(one.band, bool(one.came)) for one in reports if one.came is not None]
    return tuple(
        (band, labels.count((band, True)), sum(one == band for one, _ in labels)) for band in reversed(BANDS)
    )


def weights(reports: Iterable[Judged]) -> dict[str, float]:
    """Return what each label counts, by report: how many reports it stands for.

    A drawn report stands for all of its band that had the same chance: 1 / chance. What people chose from
    among the others is then in these already, and counts nothing. As long as no drawn report has a label,
    and for all other bands, each label stands for itself: the share says nothing of them.
    """
    labelled = [one for one in reports if one.came is not None]
    from_draws = any(one.is_low and one.drawn for one in labelled)
    return {one.id: _weight(one) if from_draws and one.is_low else 1.0 for one in labelled}


def _weight(one: Judged) -> float:
    return 1 / one.chance if one.drawn else 0.0


def relations(database: Any, contents: ReportContents, reports: Sequence[str]) -> dict[str, str]:
    """Return what reporters said they are to the person concerned, by report; empty for those who did not
    say. Forgotten reports are left out."""
    found: dict[str, str] = {}
    for ids in _pieces(reports):
        rows = select_in(database, [Report.id, Report.body], Report.id, ids)
        opened = contents.reports(Report(id=name, body=body) for name, body in rows)
        found |= {row.id: _relation(json.loads(row.body)) for row in opened}
    return found


def _relation(told: dict[str, Any]) -> str:
    return str((told.get("reporter") or {}).get("relation") or "")


def _pieces(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
