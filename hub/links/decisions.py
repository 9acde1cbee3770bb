"""What people decide about two reports: kept with who, when and why, undone but never forgotten.

All that changes runs inside a job of the writer, behind one lock row: two officers who decide at the same
moment decide one after the other, and the second sees what the first decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.languages import N_
from hub.links.bulk import insert_numbered, upsert
from hub.links.correction_conditions import refuse_if_corrected
from hub.links.measures import band_of
from hub.links.models import LinkCount, LinkDecision, LinkDecisionPiece
from hub.links.states import chain
from hub.links.suggestions import Suggestions, pair_of
from hub.links.verdicts import rebuild, whole_groups
from hub.links.weighing import Kind
from hub.people_services import (
    REASON_MAX_CHARACTERS,
    Contradicts,
    DecisionRefused,
    DecisionRow,
    UnknownDecision,
)

_LOCK = "!decisions"


class Decisions:
    """Rows of `LinkDecision`."""

    def __init__(self, database: Any, suggestions: Suggestions) -> None:
        self._db = database
        self._suggestions = suggestions

    # -- changing; call inside a job of the writer ------------------------------------------------

    def decide(self, kind: Kind, one: str, other: str, *, same: bool, by: str, at: float, reason: str) -> int:
        """Keep that two reports belong together, or do not, and return the decision's number.

        The same decision again changes nothing. Raises DecisionRefused, and Contradicts with the decisions
        that stand against it.
        """
        reason = _checked(reason, needed=not same)
        if one == other:
            raise DecisionRefused(N_("Pilih dua laporan yang berbeda."))
        self._lock()
        first, second = pair_of(one, other)
        refuse_if_corrected(self._db, kind, [first, second])
        groups, verdicts = whole_groups(self._db, kind, [first, second])
        for verdict in verdicts:
            if (verdict.one, verdict.other) == (first, second):
                if verdict.same == same:
                    return verdict.number
                raise Contradicts(self._rows([verdict.number]))
        together = groups.place(first) == groups.place(second)
        if same and not together and (between := groups.between(first, second)) is not None:
            raise Contradicts(self._rows([between.number]))
        if not same and together:
            raise Contradicts(self._rows([v.number for v in chain(verdicts, first, second)]))
        row = self._suggestions.one(kind, first, second)
        content = {
            "kind": kind,
            "one": first,
            "other": second,
            "same": same,
            "by": by,
            "at": at,
            "reason": reason,
            "band": None if row is None else band_of(row.bits),
        }
        number = insert_numbered(self._db, LinkDecision.id, content)
        spoke = sorted({piece.kind for piece in row.pieces if piece.bits > 0}) if row is not None else []
        if spoke:
            LinkDecisionPiece.insert_many([{"decision": number, "piece": kind} for kind in spoke]).execute(
                self._db
            )
        rebuild(self._db, kind, [first, second])
        return number

    def undo(self, number: int, *, by: str, at: float, reason: str) -> DecisionRow:
        """Take a decision back: what was before it is again, with the numbers that were.

        Raises UnknownDecision and DecisionRefused.
        """
        reason = _checked(reason, needed=True)
        self._lock()
        row = LinkDecision.select().where(LinkDecision.id == number).first(self._db)
        if row is None or row.undone_at is not None:
            raise UnknownDecision
        refuse_if_corrected(self._db, row.kind, [row.one, row.other])
        LinkDecision.update(undone_by=by, undone_at=at, undo_reason=reason).where(
            LinkDecision.id == number
        ).execute(self._db)
        rebuild(self._db, row.kind, [row.one, row.other])
        return self._rows([number])[0]

    def forget(self, report: str) -> None:
        """Empty the reasons of all decisions about a report. That it was decided stays: it says nothing of
        anybody, and what others decided on top of it rests on it.
        """
        about = (LinkDecision.one == report) | (LinkDecision.other == report)
        LinkDecision.update(reason="", undo_reason="").where(about).execute(self._db)

    def _lock(self) -> None:
        upsert(self._db, LinkCount.word, [LinkCount.count], [(_LOCK, 0)], adds=True)

    # -- asking -----------------------------------------------------------------------------------

    def get(self, number: int) -> DecisionRow | None:
        """Return one, undone or not."""
        return next(iter(self._rows([number])), None)

    def about(self, kind: Kind, reports: Iterable[str]) -> tuple[DecisionRow, ...]:
        """Return all decisions about some reports, undone ones too, the newest first."""
        names = sorted(set(reports))
        rows = LinkDecision.select().where(
            (LinkDecision.kind == kind) & (LinkDecision.one.in_(names) | LinkDecision.other.in_(names))
        )
        return tuple(_row(row) for row in rows.order_by(LinkDecision.id.desc()).execute(self._db))

    def _rows(self, numbers: list[int]) -> tuple[DecisionRow, ...]:
        rows = LinkDecision.select().where(LinkDecision.id.in_(numbers)).execute(self._db)
        found = {row.id: _row(row) for row in rows}
        return tuple(found[number] for number in numbers if number in found)


def _checked(reason: str, *, needed: bool) -> str:
    cleaned = " ".join(reason.split())
    if needed and not cleaned:
        raise DecisionRefused(N_("Tulis alasannya: orang lain harus dapat memahami keputusan ini."))
    if len(cleaned) > REASON_MAX_CHARACTERS:
        raise DecisionRefused(N_("Alasan berisi paling banyak %(most)s huruf.", most=REASON_MAX_CHARACTERS))
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in cleaned):
        raise DecisionRefused(N_("Alasan berisi huruf yang rusak."))
    return cleaned


def _row(row: Any) -> DecisionRow:
    return DecisionRow(
        row.id,
        row.kind,
        row.one,
        row.other,
        row.same,
        row.by,
        row.at,
        row.reason,
        row.undone_by,
        row.undone_at,
        row.undo_reason,
    )
