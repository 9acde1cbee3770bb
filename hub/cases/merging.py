"""Merges one case into another, and takes a merge apart again. Inside a job of the writer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hub.cases.case_models import CaseFile, CaseMerge, CasePerson, CasePlace, CaseReport, CaseTask
from hub.cases.case_services import UnknownCase
from hub.cases.states import StepRefused, check_reason
from hub.languages import N_
from hub.services import SignedIn

OPEN, MERGED = "open", "merged"
_HELD: dict[str, Any] = {
    "reports": (CaseReport, CaseReport.report),
    "people": (CasePerson, CasePerson.id),
    "places": (CasePlace, CasePlace.id),
    "tasks": (CaseTask, CaseTask.id),
}


class Merging:
    """Merges. `open_row` returns the row of an open case that an account may see, `number_of` the number of
    an id, `step` writes a line of a case's history, `check_hold` refuses to take out of what is held."""

    def __init__(
        self,
        database: Any,
        open_row: Callable[[str, SignedIn], Any],
        number_of: Callable[[int], str],
        step: Callable[[int, str, str, str, str, SignedIn], None],
        check_hold: Callable[[int, SignedIn], None],
    ) -> None:
        self._db = database
        self._open_row = open_row
        self._number = number_of
        self._step = step
        self._check_hold = check_hold

    def merge(self, number: str, into: str, reason: str, who: SignedIn) -> None:
        """See `CaseServices.merge`."""
        source = self._open_row(number, who)
        try:
            target = self._open_row(into, who)
        except UnknownCase:
            raise StepRefused(N_("Tidak ada kasus dengan nomor itu.")) from None
        if source.id == target.id:
            raise StepRefused(N_("Pilih kasus lain."))
        check_reason(reason, needed=True)
        moved = {name: self._move(name, source.id, target.id) for name in _HELD}
        CaseMerge.insert(source=source.id, target=target.id, moved=json.dumps(moved)).execute(self._db)
        CaseFile.update(state=MERGED, merged_into=target.id).where(CaseFile.id == source.id).execute(self._db)
        self._step(source.id, number, "merged into", into, reason, who)
        self._step(target.id, into, "took in", number, reason, who)

    def undo(self, number: str, merge: int, reason: str, who: SignedIn) -> None:
        """See `CaseServices.undo_merge`."""
        target = self._open_row(number, who)
        check_reason(reason, needed=True)
        here = (CaseMerge.id == merge) & (CaseMerge.target == target.id) & ~CaseMerge.undone
        row = CaseMerge.select().where(here).first(self._db)
        if row is None:
            raise StepRefused(N_("Penggabungan itu sudah dibatalkan."))
        self._check_hold(target.id, who)
        for name, ids in json.loads(row.moved).items():
            self._move(name, target.id, row.source, ids)
        CaseMerge.update(undone=True).where(CaseMerge.id == merge).execute(self._db)
        CaseFile.update(state=OPEN, merged_into=None).where(CaseFile.id == row.source).execute(self._db)
        source = self._number(row.source)
        self._step(row.source, source, "taken out again", number, reason, who)
        self._step(target.id, number, "gave back", source, reason, who)

    def _move(self, name: str, source: int, target: int, only: Sequence[Any] | None = None) -> list[Any]:
        """Move what one case holds to another, of `only` what is still there; return the ids."""
        model, key = _HELD[name]
        here = model.case == source
        if only is not None:
            here &= key.in_(list(only))
        ids = [row[0] for row in model.select(key).where(here).tuples().execute(self._db)]
        model.update(case=target).where(here).execute(self._db)
        return ids
