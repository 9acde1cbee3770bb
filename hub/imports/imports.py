"""Imports of cases: drafts, carrying out, undoing. Implements `hub.imports.services.ImportServices`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hub.cases.case_models import CaseFile, CasePlace, CaseStep
from hub.cases.case_services import TITLE_MAX_CHARACTERS, CaseServices
from hub.cases.models import Comment
from hub.cases.search import Search
from hub.cases.states import StepRefused, check_reason
from hub.cases.visible import UNDONE as NO_CASE
from hub.imports.columns import TARGETS, CaseDraft, drafts, propose_columns
from hub.imports.models import ImportBatch, ImportedCase
from hub.imports.reading import Table, read_table
from hub.imports.services import ImportedView, ImportRow, ImportView, UnknownImport
from hub.languages import N_
from hub.services import SignedIn
from hub.storage.statements import insert_new
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

DRAFT, DONE, UNDONE, DROPPED = "draft", "done", "undone", "dropped"
SOURCE_MAX_CHARACTERS = 80
DRAFT_KEPT_S = 86_400
DRAFTS_EVERY_S = 3600
_DROP = {"state": DROPPED, "cells": "", "columns": ""}
"""A draft that is thrown away leaves its number: the log of accesses names it."""
_LISTED = 50
_OWN_STEPS = ("opened", "imported")


class Imports:
    """Keeps imports. `note` notes an access, in the transaction of the change."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        cases: CaseServices,
        search: Search,
        *,
        note: Callable[[SignedIn, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._cases = cases
        self._search = search
        self._note = note

    # -- looking ----------------------------------------------------------------------------------

    def rows(self, *, who: SignedIn) -> list[ImportRow]:
        """See `ImportServices.rows`."""
        connect(self._db)
        mine = (ImportBatch.state == DRAFT) & (ImportBatch.made_by == who.name)
        query = (
            ImportBatch.select()
            .where(ImportBatch.state.in_((DONE, UNDONE)) | mine)
            .order_by(ImportBatch.id.desc())
            .limit(_LISTED)
        )
        return [_row(row) for row in query.execute(self._db)]

    def view(self, batch: int, *, who: SignedIn) -> ImportView:
        """See `ImportServices.view`."""
        row = self._row(batch, who)
        self._writer.run(lambda: self._note(who, "import read", f"import {batch}", ""))
        if row.state != DRAFT:
            made = CaseFile.select(CaseFile.number).join(ImportedCase, on=(ImportedCase.case == CaseFile.id))
            found = made.where(ImportedCase.batch == batch).order_by(CaseFile.id).execute(self._db)
            return ImportView(_row(row), (), (), (), tuple(one.number for one in found))
        table, columns = _table(row), tuple(json.loads(row.columns))
        return ImportView(_row(row), table.header, columns, tuple(self._drafts(row)), ())

    def _row(self, batch: int, who: SignedIn) -> Any:
        connect(self._db)
        row = ImportBatch.select().where(ImportBatch.id == batch).first(self._db)
        if row is None or row.state == DROPPED or (row.state == DRAFT and row.made_by != who.name):
            raise UnknownImport
        if row.state == DRAFT and row.made_at < self._clock.wall_s() - DRAFT_KEPT_S:
            raise UnknownImport  # the next turn empties it
        return row

    def _draft_row(self, batch: int, who: SignedIn) -> Any:
        row = self._row(batch, who)
        if row.state != DRAFT:
            raise StepRefused(N_("Impor ini sudah dilakukan."))
        return row

    def _drafts(self, row: Any) -> list[CaseDraft]:
        folded = _folded(row.source)

        def is_known(source_id: str) -> str | None:
            known = CaseFile.select(CaseFile.number).join(ImportedCase, on=(ImportedCase.case == CaseFile.id))
            here = (ImportedCase.source == folded) & (ImportedCase.source_id == source_id)
            found = known.where(here).first(self._db)
            return None if found is None else str(found.number)

        return drafts(_table(row), json.loads(row.columns), row.source, is_known)

    def of_case(self, number: str) -> ImportedView | None:
        """See `ImportServices.of_case`."""
        connect(self._db)
        held = ImportedCase.select().join(CaseFile, on=(CaseFile.id == ImportedCase.case))
        row = held.where(CaseFile.number == number).first(self._db)
        if row is None:
            return None
        batch = ImportBatch.select().where(ImportBatch.id == row.batch).get(self._db)
        return ImportedView(row.batch, batch.source, row.source_id, json.loads(row.told))

    # -- drafts -----------------------------------------------------------------------------------

    def upload(self, source: str, content: bytes, *, who: SignedIn) -> int:
        """See `ImportServices.upload`."""
        source = " ".join(source.split())
        if not source or len(source) > SOURCE_MAX_CHARACTERS:
            raise StepRefused(
                N_("Sumber berisi 1 sampai %(most)s huruf, misalnya BP3MI NTB.", most=SOURCE_MAX_CHARACTERS)
            )
        table = read_table(content)

        def job() -> int:
            now = self._clock.wall_s()
            batch = insert_new(
                self._db,
                ImportBatch,
                source=source,
                state=DRAFT,
                made_at=now,
                made_by=who.name,
                cells=json.dumps([table.header, *table.rows], ensure_ascii=False),
                columns=json.dumps(propose_columns(table)),
                count=0,
            )
            self._note(who, "import uploaded", f"import {batch}", "")
            return batch

        return self._writer.run(job)

    def jobs(self) -> list[Job]:
        """Return the turn that empties old drafts: they hold names and stories in plain."""
        return [Job("import-drafts", DRAFTS_EVERY_S, self.empty_old_drafts)]

    def empty_old_drafts(self) -> None:
        """Empty what was uploaded a day ago and not carried out."""
        old = (ImportBatch.state == DRAFT) & (ImportBatch.made_at < self._clock.wall_s() - DRAFT_KEPT_S)
        self._writer.run(lambda: ImportBatch.update(_DROP).where(old).execute(self._db))

    def set_columns(self, batch: int, columns: Sequence[str], *, who: SignedIn) -> None:
        """See `ImportServices.set_columns`."""

        def job() -> None:
            row = self._draft_row(batch, who)
            if len(columns) != len(json.loads(row.columns)) or not set(columns) <= {"", *TARGETS}:
                raise StepRefused(N_("Pilih arti tiap kolom dari daftar."))
            kept = json.dumps(list(columns))
            ImportBatch.update(columns=kept).where(ImportBatch.id == batch).execute(self._db)

        self._writer.run(job)

    def drop(self, batch: int, *, who: SignedIn) -> None:
        """See `ImportServices.drop`."""

        def job() -> None:
            self._draft_row(batch, who)
            ImportBatch.update(_DROP).where(ImportBatch.id == batch).execute(self._db)

        self._writer.run(job)

    # -- carrying out and undoing -----------------------------------------------------------------

    def carry_out(self, batch: int, *, who: SignedIn) -> int:
        """See `ImportServices.carry_out`."""

        def job() -> int:
            self._note(who, "import carried out", f"import {batch}", "")
            row = self._draft_row(batch, who)
            wanted = [draft for draft in self._drafts(row) if not draft.blocked]
            if not wanted:
                raise StepRefused(N_("Tidak ada baris yang dapat diimpor."))
            for draft in wanted:
                self._make(row, draft, who)
            done = {"state": DONE, "cells": "", "columns": "", "count": len(wanted)}
            ImportBatch.update(done).where(ImportBatch.id == batch).execute(self._db)
            return len(wanted)

        return self._writer.run(job)

    def _make(self, row: Any, draft: CaseDraft, who: SignedIn) -> None:
        number = self._cases.open(draft.title, who=who)
        case = CaseFile.select().where(CaseFile.number == number).get(self._db).id
        ImportedCase.insert(
            case=case,
            batch=row.id,
            source=_folded(row.source),
            source_id=draft.source_id,
            told=json.dumps(dict(draft.told), ensure_ascii=False),
        ).execute(self._db)
        CaseStep.insert(
            case=case,
            at=self._clock.wall_s(),
            by=who.name,
            what="imported",
            detail=f"{row.source}, nomor {draft.source_id}",
            reason="",
        ).execute(self._db)
        if "place" in draft.told:
            CasePlace.insert(case=case, text=draft.told["place"][:TITLE_MAX_CHARACTERS]).execute(self._db)

    def undo(self, batch: int, reason: str, *, who: SignedIn) -> None:
        """See `ImportServices.undo`."""

        def job() -> None:
            self._note(who, "import undone", f"import {batch}", reason.strip()[:200])
            row = self._row(batch, who)
            if row.state != DONE:
                raise StepRefused(N_("Hanya impor yang sudah dilakukan dapat dibatalkan, dan hanya sekali."))
            check_reason(reason, needed=True)
            held = ImportedCase.select(ImportedCase.case).where(ImportedCase.batch == batch)
            files = list(
                CaseFile.select().where(CaseFile.id.in_(held)).order_by(CaseFile.id).execute(self._db)
            )
            touched = [file.number for file in files if self._is_touched(file)]
            if touched:
                first = ", ".join(touched[:5])
                raise StepRefused(
                    N_(
                        "Petugas sudah bekerja dengan %(len)s kasusnya (%(first)s): tidak dihapus.",
                        len=len(touched),
                        first=first,
                    )
                )
            self._search.forget_cases([file.number for file in files])
            ids = [file.id for file in files]
            for model in (CaseStep, CasePlace, ImportedCase):
                model.delete().where(model.case.in_(ids)).execute(self._db)
            # The log of accesses names the numbers: none is given to another case.
            CaseFile.update(state=NO_CASE, title="").where(CaseFile.id.in_(ids)).execute(self._db)
            ImportBatch.update(state=UNDONE).where(ImportBatch.id == batch).execute(self._db)

        self._writer.run(job)

    def _is_touched(self, file: Any) -> bool:
        steps = (CaseStep.case == file.id) & CaseStep.what.not_in(_OWN_STEPS)
        said = Comment.about == f"case {file.number}"
        return bool(
            CaseStep.select().where(steps).exists(self._db) or Comment.select().where(said).exists(self._db)
        )


def _row(row: Any) -> ImportRow:
    return ImportRow(row.id, row.source, row.state, row.made_at, row.made_by, row.count)


def _table(row: Any) -> Table:
    header, *rows = json.loads(row.cells)
    return Table(tuple(header), tuple(map(tuple, rows)))


def _folded(source: str) -> str:
    return " ".join(source.casefold().split())
