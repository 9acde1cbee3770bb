"""Suggestions as rows: written when a report is linked, read by pages, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.linking.scoring import Piece
from hub.links.bulk import select_in
from hub.links.correction_conditions import not_corrected
from hub.links.cursors import cursor_at, read_cursor
from hub.links.models import LinkSuggestion
from hub.links.states import CONFIRMED, FAINT, OPEN, REJECTED, State, state_of
from hub.links.verdicts import whole_groups
from hub.links.weighing import KINDS, Kind, Weighed, pieces_from_text, pieces_to_text
from hub.storage.statements import insert_rows


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """Two reports that may belong together, and why; `one` < `other`."""

    kind: Kind
    one: str
    other: str
    bits: float
    pieces: tuple[Piece, ...]
    state: State
    made_at: float

    def beside(self, report: str) -> str:
        """Return the other report of the pair."""
        return self.other if report == self.one else self.one


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Return two reports in order."""
    return (one, other) if one < other else (other, one)


_PAIR = (
    LinkSuggestion.kind,
    LinkSuggestion.one,
    LinkSuggestion.other,
    LinkSuggestion.id,
    LinkSuggestion.state,
)


class Suggestions:
    """Rows of `LinkSuggestion`."""

    def __init__(self, database: Any) -> None:
        self._db = database

    def replace(self, report: str, found: Sequence[tuple[str, Weighed]], at: float) -> None:
        """Keep what was found for a report in the place of what was; inside a job of the writer.

        What people decided about a pair stays, whatever is found now.
        """
        before = {
            (kind, one, other): (number, state)
            for end in (LinkSuggestion.one, LinkSuggestion.other)
            for kind, one, other, number, state in select_in(self._db, _PAIR, end, [report])
        }
        rows = []
        for kind in KINDS:
            pairs = {pair_of(report, other): weighed for other, weighed in found if weighed.kind == kind}
            rows += self._with_states(kind, pairs)
        kept = {(row["kind"], row["one"], row["other"]) for row in rows}
        gone = [
            number
            for pair, (number, state) in before.items()
            if pair not in kept and state not in (CONFIRMED, REJECTED)
        ]
        if gone:
            LinkSuggestion.delete().where(LinkSuggestion.id.in_(gone)).execute(self._db)
        new = []
        for row in rows:
            old = before.get((row["kind"], row["one"], row["other"]))
            if old is None:
                new.append({**row, "made_at": at})
            else:
                LinkSuggestion.update(row).where(LinkSuggestion.id == old[0]).execute(self._db)
        insert_rows(self._db, LinkSuggestion, new)

    def _with_states(self, kind: Kind, pairs: dict[tuple[str, str], Weighed]) -> list[dict[str, Any]]:
        if not pairs:
            return []
        groups, verdicts = whole_groups(self._db, kind, {report for pair in pairs for report in pair})
        decided = {(v.one, v.other): v.same for v in verdicts}
        return [
            {
                "kind": kind,
                "one": pair[0],
                "other": pair[1],
                "bits": weighed.bits,
                "rank": weighed.rank,
                "pieces": pieces_to_text(weighed.pieces),
                "strong": weighed.strong,
                "state": state_of(groups, decided.get(pair), *pair, strong=weighed.strong),
            }
            for pair, weighed in pairs.items()
        ]

    def _rows_of(self, report: str) -> list[Any]:
        both = (LinkSuggestion.one == report) | (LinkSuggestion.other == report)
        return list(LinkSuggestion.select().where(both & not_corrected()).execute(self._db))

    def forget(self, report: str) -> None:
        """Take away all that name a report; inside a job of the writer."""
        both = (LinkSuggestion.one == report) | (LinkSuggestion.other == report)
        LinkSuggestion.delete().where(both).execute(self._db)

    def of_report(self, report: str) -> list[SuggestionRow]:
        """Return all of one report, the best first, without the faint ones."""
        rows = [row for row in self._rows_of(report) if row.state != FAINT]
        return [_row(row) for row in sorted(rows, key=lambda row: (-row.rank, row.id))]

    def beside(self, kind: Kind, reports: Iterable[str]) -> list[SuggestionRow]:
        """Return all that touch some reports, with the faint ones, the strongest first."""
        names = sorted(reports)
        rows = LinkSuggestion.select().where(
            (LinkSuggestion.kind == kind)
            & (LinkSuggestion.one.in_(names) | LinkSuggestion.other.in_(names))
            & not_corrected()
        )
        return [_row(row) for row in rows.order_by(LinkSuggestion.bits.desc()).execute(self._db)]

    def one(self, kind: Kind, one: str, other: str) -> SuggestionRow | None:
        """Return the suggestion of a pair, or None."""
        first, second = pair_of(one, other)
        row = (
            LinkSuggestion.select()
            .where(
                (LinkSuggestion.kind == kind)
                & (LinkSuggestion.one == first)
                & (LinkSuggestion.other == second)
            )
            .first(self._db)
        )
        return None if row is None else _row(row)

    def open(self, before: str | None, limit: int) -> tuple[list[SuggestionRow], str | None]:
        """Return a page of those that wait for a decision, and a cursor for the next; one that is none
        starts anew.
        """
        query = LinkSuggestion.select().where((LinkSuggestion.state == OPEN) & not_corrected())
        after = read_cursor(before)
        if after is not None:
            rank, number = after
            query = query.where(
                (LinkSuggestion.rank < rank) | ((LinkSuggestion.rank == rank) & (LinkSuggestion.id < number))
            )
        ordered = query.order_by(LinkSuggestion.rank.desc(), LinkSuggestion.id.desc()).limit(limit + 1)
        rows = list(ordered.execute(self._db))
        more = len(rows) > limit
        page = rows[:limit]
        return [_row(row) for row in page], cursor_at(page[-1].rank, page[-1].id) if more else None


def _row(row: Any) -> SuggestionRow:
    return SuggestionRow(
        row.kind, row.one, row.other, row.bits, pieces_from_text(row.pieces), row.state, row.made_at
    )
