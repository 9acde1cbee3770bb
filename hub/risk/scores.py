"""Keeps the triage score of each report, in the transaction that places or changes the report."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import peewee

from hub.risk.draws import RandomDraws
from hub.risk.models import ShadowScore, TriageOverride, TriageScore
from hub.risk.random_share import LOWEST_BANDS
from hub.risk.scoring import BANDS, Judged, assess
from hub.risk.services import OverrideRate, Standing
from hub.risk.tables import WeightTables
from hub.risk.weights import Weights
from hub.storage.statements import insert_rows
from sync.storage.database import connect

_EPOCH: Final = datetime.date(1970, 1, 1)


class TriageScores:
    """Keeps and reads scores. Threads may share it; what keeps runs inside a job of the writer."""

    def __init__(
        self, database: Any, tables: WeightTables | None = None, *, draws: RandomDraws | None = None
    ) -> None:
        self._db = database
        self.tables = tables or WeightTables(database)
        self._draws = draws or RandomDraws(database, b"", 0)

    def keep(self, judged: Mapping[str, Judged], today: datetime.date) -> dict[str, Standing]:
        """Work out the scores of reports, keep those that are new or changed, and return how they stand.

        A report keeps the table of weights that scored it first: a switch is for what arrives after it. The
        table on trial scores new ones in the shadow.
        """
        current, trial = self.tables.standing()
        kept = self._rows(list(judged))
        new: list[dict[str, Any]] = []
        fell: list[str] = []
        standings = {}
        for report, one in judged.items():
            before = kept.get(report)
            found = assess(one, today, current if before is None else self.tables.of(before.version))
            values = {
                "points": found.points,
                "band": found.band,
                "version": found.version,
                "rules": " ".join(rule.code for rule in found.rules),
            }
            row = kept.get(report)
            if found.band in LOWEST_BANDS and (row is None or row.band not in LOWEST_BANDS):
                fell.append(report)
            day = (today - _EPOCH).days
            if row is None:
                new.append({"report": report, **values, "day": day, "staff_band": None})
            elif any(getattr(row, name) != value for name, value in values.items()):
                changed = {**values, "day": day}
                TriageScore.update(changed).where(TriageScore.report == report).execute(self._db)
            staff = None if row is None else row.staff_band
            standings[report] = Standing(
                staff or found.band, found.points, found.band, found.version, staff is not None
            )
        insert_rows(self._db, TriageScore, new)
        if trial is not None:
            self._shadow({row["report"]: judged[row["report"]] for row in new}, today, trial)
        self._draws.draw(fell)
        return self._with_draws(standings)

    def _shadow(self, judged: Mapping[str, Judged], today: datetime.date, table: Weights) -> None:
        told = {report: assess(one, today, table) for report, one in judged.items()}
        rows = [
            {"report": report, "version": one.version, "points": one.points, "band": one.band}
            for report, one in told.items()
        ]
        insert_rows(self._db, ShadowScore, rows)

    def standings(self, reports: Sequence[str]) -> dict[str, Standing]:
        """Return how those reports stand that have a score."""
        return self._with_draws({name: _standing(row) for name, row in self._rows(reports).items()})

    def _with_draws(self, standings: dict[str, Standing]) -> dict[str, Standing]:
        low = [report for report, one in standings.items() if one.computed in LOWEST_BANDS]
        drawn = {report for report, one in self._draws.of(low).items() if one.stands}
        return {report: replace(one, drawn=report in drawn) for report, one in standings.items()}

    def _rows(self, reports: Sequence[str]) -> dict[str, Any]:
        query = TriageScore.select().where(TriageScore.report.in_(list(reports)))
        return {row.report: row for row in query.execute(self._db)}

    def forget(self, reports: Sequence[str]) -> None:
        """Take away all that is kept of reports; inside the transaction that forgets them."""
        for model in (TriageScore, TriageOverride, ShadowScore):
            model.delete().where(model.report.in_(list(reports))).execute(self._db)
        self._draws.forget(reports)

    # -- learning ---------------------------------------------------------------------------------

    def override_rates(self) -> list[OverrideRate]:
        """Return how often people decided otherwise, by version of the weights; walks over all scores."""
        connect(self._db)
        score = TriageScore
        rank = peewee.Case(score.band, [(band, place) for place, band in enumerate(BANDS)])
        said = peewee.Case(score.staff_band, [(band, place) for place, band in enumerate(BANDS)])
        query = score.select(
            score.version,
            peewee.fn.COUNT(1),
            peewee.fn.SUM(peewee.Case(None, [(said > rank, 1)], 0)),
            peewee.fn.SUM(peewee.Case(None, [(said < rank, 1)], 0)),
        ).group_by(score.version)
        rows = sorted(query.tuples().execute(self._db))
        return [OverrideRate(version, int(n), int(up), int(down)) for version, n, up, down in rows]


def _standing(row: Any) -> Standing:
    return Standing(row.staff_band or row.band, row.points, row.band, row.version, row.staff_band is not None)
