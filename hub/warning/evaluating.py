"""What became of the signals of each rule: raised, closed as true, false or unknown, and how long it took."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.accounts.areas import sees
from hub.services import COMMAND_LINE, SignedIn
from hub.warning.clocks import Share, clocks, shares
from hub.warning.keeping import times_of
from hub.warning.models import Signal
from hub.warning.services import PERSON
from hub.warning.states import FALSE, TRUE, UNKNOWN
from sync.storage.database import connect

_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class RuleFigures:
    """The signals of one rule (`person`: raised by hand) and sort. Delays are medians in seconds, None where
    there is none: from the first report to the signal, from there to the decision, and to the response's
    end. `clocks` tells how many of each 7-1-7 clock were in time."""

    rule: str
    sort: str
    raised: int
    true: int
    false: int
    unknown: int
    open: int
    detect_s: float | None
    notify_s: float | None
    respond_s: float | None
    clocks: tuple[Share, ...]


def figures_by_rule(
    database: Any, since: float, until: float, who: SignedIn | str = COMMAND_LINE
) -> list[RuleFigures]:
    """Return the figures of signals raised in [since, until) that an account may see, in the order of rules.

    Folded ones count where they went; clocks stand as at `until`.
    """
    connect(database)
    found: dict[tuple[str, str], list[Any]] = {}
    for row in _rows(database, since, until, who):
        found.setdefault((row.rule or PERSON, row.sort), []).append(row)
    return [_figures(rule, sort, rows, until) for (rule, sort), rows in sorted(found.items())]


def _rows(database: Any, since: float, until: float, who: SignedIn | str) -> Iterable[Any]:
    after = (since, 0)
    while True:
        later = (Signal.raised_at > after[0]) | ((Signal.raised_at == after[0]) & (Signal.id > after[1]))
        within = (Signal.raised_at >= since) & (Signal.raised_at < until) & Signal.joined_into.is_null()
        seen = within & later & sees(who, Signal.unit)
        query = Signal.select().where(seen).order_by(Signal.raised_at, Signal.id)
        rows = list(query.limit(_AT_ONCE).execute(database))
        if not rows:
            return
        yield from rows
        after = (rows[-1].raised_at, rows[-1].id)


def _figures(rule: str, sort: str, rows: Sequence[Any], until: float) -> RuleFigures:
    verdicts = [row.verdict for row in rows]
    return RuleFigures(
        rule=rule,
        sort=sort,
        raised=len(rows),
        true=verdicts.count(TRUE),
        false=verdicts.count(FALSE),
        unknown=verdicts.count(UNKNOWN),
        open=verdicts.count(None),
        detect_s=_median(
            row.raised_at - row.first_report_at for row in rows if row.first_report_at is not None
        ),
        notify_s=_median(row.notified_at - row.counted_from for row in rows if row.notified_at is not None),
        respond_s=_median(
            row.responded_at - row.notified_at
            for row in rows
            if row.responded_at is not None and row.notified_at is not None
        ),
        clocks=shares(clocks(times_of(row), until) for row in rows),
    )


def _median(delays: Iterable[float]) -> float | None:
    found = [max(0.0, delay) for delay in delays]
    return statistics.median(found) if found else None
