"""Which table of weights scores what arrives, which one is on trial, and every table that ever scored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from hub.models import Setting
from hub.risk.models import WeightSwitch, WeightTable
from hub.risk.weights import FIRST, TABLES, Weights
from hub.storage.statements import put

PROPOSED, SWITCHED, REJECTED, UNDONE = "proposed", "switched", "rejected", "undone"
STANDING: Final = "weights-standing"
"""Setting with the versions of both: each frame with reports asks for them."""
HOLDING: Final = (SWITCHED, UNDONE)
"""Steps that say which table holds."""


def refitted(
    version: str, dated: str, points: Mapping[str, int], labels: int, of: Weights = FIRST
) -> Weights:
    """Return a table with other points; signs, words, elements and limits of bands stay."""
    signs = {
        sign: replace(
            weight,
            points=points.get(sign, weight.points),
            source=f"{weight.source}; refitted, {labels} labels",
        )
        if weight.points
        else weight
        for sign, weight in of.signs.items()
    }
    return Weights(version, dated, signs, of.medium_from, of.high_from)


class WeightTables:
    """Reads the tables; they never change, so they are kept. Threads may share it."""

    def __init__(self, database: Any) -> None:
        self._db = database
        self._known: dict[str, Weights] = dict(TABLES)

    def of(self, version: str) -> Weights:
        """Return the table of a version; raise KeyError for one that never was."""
        if version not in self._known:
            row = WeightTable.select().where(WeightTable.version == version).first(self._db)
            if row is None:
                raise KeyError(version)
            self._known[version] = refitted(version, version[:10], json.loads(row.points), row.labels)
        return self._known[version]

    def standing(self) -> tuple[Weights, Weights | None]:
        """Return the table that scores what arrives and the one on trial, by one look at one row."""
        row = Setting.select().where(Setting.key == STANDING).first(self._db)
        holds, tried = ("", "") if row is None else bytes(row.value).decode().split(" ")
        return self.of(holds) if holds else FIRST, self.of(tried) if tried else None

    def keep_standing(self) -> None:
        """Write down which tables these are; in the transaction that changes it."""
        current, trial = self.current(), self.challenger()
        holds = "" if current is FIRST else current.version
        told = f"{holds} {'' if trial is None else trial.version}"
        put(Setting, {"key": STANDING, "value": told.encode()}).execute(self._db)

    def current(self) -> Weights:
        """Return the table that scores what arrives."""
        query = WeightSwitch.select(WeightSwitch.version).where(WeightSwitch.what.in_(HOLDING))
        version = query.order_by(WeightSwitch.id.desc()).limit(1).scalar(self._db)
        return FIRST if version is None else self.of(version)

    def challenger(self) -> Any:
        """Return the row of the table on trial: the newest, unless it holds, held once or was rejected."""
        row = (
            WeightTable.select()
            .order_by(WeightTable.made_at.desc(), WeightTable.version.desc())
            .limit(1)
            .first(self._db)
        )
        if row is None:
            return None
        ended = WeightSwitch.select().where(
            (WeightSwitch.version == row.version) & WeightSwitch.what.in_((*HOLDING, REJECTED))
        )
        return None if ended.exists(self._db) else row
