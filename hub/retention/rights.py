"""Keeps the clocks of Law 27/2022. Implements `hub.retention.rights_services.RightsServices`.

A withdrawal opens its clock in the transaction that takes it in; forgetting the report closes it in the one
that forgets. Nothing here reads what a report says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final

import peewee

from hub.accounts.areas import sees
from hub.cases.case_models import CaseFile
from hub.cases.visible import visible_case
from hub.languages import N_
from hub.links.models import LinkGroup, LinkMember
from hub.models import Node, Report
from hub.retention import clocks
from hub.retention.clock_models import RightsClock
from hub.retention.retention import reason_of
from hub.retention.rights_services import DETAIL_MAX_CHARACTERS, Breach, ClockRow, UnknownClock
from hub.retention.services import RetentionRefused
from hub.services import SignedIn
from hub.storage.statements import insert_new
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

REPORT, CASE, PERSON, HUB = "report", "case", "person", "hub"
COUNTED: Final = 1000
_CASE_NUMBER: Final = re.compile(r"[0-9]{4}-[0-9]{4,6}", re.ASCII)
_PERSON_NUMBER: Final = re.compile(r"[0-9]{1,15}", re.ASCII)


class Rights:
    """Keeps clocks. Threads may share it. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        *,
        note: Callable[[SignedIn | str, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note

    # -- what opens and closes by itself; call inside a job of the writer --------------------------

    def withdrawn(self, report: str, node: int, at: float) -> None:
        """Begin the clock of a withdrawal, unless the report has one, or is another node's."""
        mine = (RightsClock.about == REPORT) & (RightsClock.ref == report)
        if RightsClock.select().where(mine & (RightsClock.kind == "withdrawal")).exists(self._db):
            return
        row = Report.select(Report.node).where(Report.id == report).first(self._db)
        if row is not None and row.node != node:
            return
        village = Node.select(Node.village).where(Node.number == node).get(self._db).village
        self._note(clocks.AUTOMATIC, "right opened withdrawal", f"report {report}", "")
        self._insert("withdrawal", REPORT, report, village, "village", at, clocks.AUTOMATIC, None)

    def forgotten(self, reports: Sequence[str]) -> None:
        """End the clocks of what forgetting these reports does."""
        kinds = [kind for kind in clocks.KINDS if clocks.ends_with_report(kind)]
        self._close_all(
            (RightsClock.about == REPORT) & RightsClock.ref.in_(list(reports)) & RightsClock.kind.in_(kinds),
            clocks.AUTOMATIC,
            "forgotten",
        )

    def corrected(self, person: int, who: SignedIn) -> None:
        """End the clocks of correction about a person of interest."""
        mine = (RightsClock.about == PERSON) & (RightsClock.ref == str(person))
        self._close_all(mine & (RightsClock.kind == "correction"), who, "corrected")

    def _close_all(self, which: Any, by: SignedIn | str, how: str) -> None:
        rows = RightsClock.select().where(which & RightsClock.closed_at.is_null()).order_by(RightsClock.id)
        for row in list(rows.execute(self._db)):
            self._end(row, by, how, "")

    def _end(self, row: Any, by: SignedIn | str, how: str, reason: str) -> None:
        self._note(by, f"right closed {row.kind}", _noted(row.about, row.ref, row.id), reason)
        RightsClock.update(
            closed_by=by if isinstance(by, str) else by.name,
            closed_at=self._clock.wall_s(),
            closed_how=how,
            close_reason=reason,
        ).where(RightsClock.id == row.id).execute(self._db)

    def _insert(
        self,
        kind: str,
        about: str,
        ref: str,
        village: str,
        way: str,
        received_at: float,
        by: str,
        breach: Breach | None,
    ) -> int:
        return insert_new(
            self._db,
            RightsClock,
            kind=kind,
            about=about,
            ref=ref,
            village=village,
            way=way,
            received_at=received_at,
            due_at=clocks.due_at(received_at),
            opened_by=by,
            opened_at=self._clock.wall_s(),
            details="" if breach is None else json.dumps(asdict(breach), ensure_ascii=False),
        )

    # -- looking ----------------------------------------------------------------------------------

    def running(self, *, limit: int, who: SignedIn) -> tuple[list[ClockRow], int]:
        """See `RightsServices.running`."""
        connect(self._db)
        query = RightsClock.select().where(RightsClock.closed_at.is_null() & visible(who))
        rows = query.order_by(RightsClock.due_at, RightsClock.id).limit(limit).execute(self._db)
        return [_shown(row) for row in rows], int(query.limit(COUNTED).count(self._db))

    def closed(self, *, limit: int, who: SignedIn) -> list[ClockRow]:
        """See `RightsServices.closed`."""
        connect(self._db)
        query = RightsClock.select().where(RightsClock.closed_at.is_null(False) & visible(who))
        ordered = query.order_by(RightsClock.closed_at.desc(), RightsClock.id.desc())
        return [_shown(row) for row in ordered.limit(limit).execute(self._db)]

    def one(self, number: int, *, who: SignedIn) -> ClockRow:
        """See `RightsServices.one`."""
        connect(self._db)
        return _shown(self._row(number, who))

    def _row(self, number: int, who: SignedIn) -> Any:
        row = RightsClock.select().where((RightsClock.id == number) & visible(who)).first(self._db)
        if row is None:
            raise UnknownClock
        return row

    def soon(self, now: float, *, who: SignedIn) -> tuple[int, float] | None:
        """See `RightsServices.soon`."""
        connect(self._db)
        near = RightsClock.closed_at.is_null() & (RightsClock.due_at <= now + clocks.SOON_S)
        query = RightsClock.select(RightsClock.due_at).where(near & visible(who))
        found = [row.due_at for row in query.limit(COUNTED).execute(self._db)]
        return (len(found), min(found)) if found else None

    # -- what a person does -----------------------------------------------------------------------

    def open(
        self,
        kind: str,
        ref: str,
        way: str,
        received_at: float | None,
        breach: Breach | None,
        *,
        who: SignedIn,
    ) -> int:
        """See `RightsServices.open`."""
        if kind not in clocks.KINDS:
            raise RetentionRefused(N_("Pilih hak atau kejadian dari daftar."))
        if way not in clocks.WAYS:
            raise RetentionRefused(N_("Pilih cara permintaan itu datang."))
        ref, about = ref.strip(), about_of(ref.strip())
        if kind == "withdrawal" and about != REPORT:
            raise RetentionRefused(N_("Penarikan perlu nomor laporannya."))
        told = checked(breach or Breach()) if kind == "breach" else None

        def job() -> int:
            try:
                at = clocks.checked_time(received_at, self._clock.wall_s())
            except clocks.OutOfTime as problem:
                raise RetentionRefused(
                    N_("Waktu itu belum lewat menurut jam hub.")
                    if str(problem) == "future"
                    else N_("Waktu itu lebih dari 30 hari lalu. Periksa tanggalnya.")
                ) from None
            village = self._village(about, ref, who)
            self._note(who, f"right opened {kind}", _noted(about, ref, None), "")
            return self._insert(kind, about, ref, village, way, at, who.name, told)

        return self._writer.run(job)

    def _village(self, about: str, ref: str, who: SignedIn) -> str:
        """Return the village of a report; raise RetentionRefused for what is not here or not to be seen."""
        if about == REPORT:
            row = Node.select(Node.village).join(Report, on=(Report.node == Node.number))
            found = row.where((Report.id == ref) & sees(who, Node.village)).first(self._db)
            if found is not None:
                return str(found.village)
        elif about == HUB:
            return ""
        else:
            here = (
                LinkGroup.select().where((LinkGroup.number == int(ref)) & (LinkGroup.kind == "recruiter"))
                if about == PERSON
                else CaseFile.select().where(CaseFile.number == ref)
            )
            reach = _person(peewee.Value(ref), who) if about == PERSON else visible_case(who)
            if here.where(reach).exists(self._db):
                return ""
        raise RetentionRefused(N_("Tidak ada laporan, kasus, atau orang dengan nomor itu."))

    def tell_breach(self, number: int, breach: Breach, *, who: SignedIn) -> None:
        """See `RightsServices.tell_breach`."""
        self.one(number, who=who)
        told = checked(breach)

        def job() -> None:
            row = self._row(number, who)
            if row.kind != "breach" or row.closed_at is not None:
                raise RetentionRefused(N_("Hanya kebocoran yang masih berjalan dapat dilengkapi."))
            self._note(who, "right told breach", _noted(row.about, row.ref, row.id), "")
            details = json.dumps(asdict(told), ensure_ascii=False)
            RightsClock.update(details=details).where(RightsClock.id == number).execute(self._db)

        self._writer.run(job)

    def close(self, number: int, reason: str, *, who: SignedIn) -> None:
        """See `RightsServices.close`."""
        self.one(number, who=who)
        cleaned = reason_of(reason)

        def job() -> None:
            row = self._row(number, who)
            if row.closed_at is not None:
                raise RetentionRefused(N_("Itu sudah selesai."))
            self._end(row, who, "reason", cleaned)

        self._writer.run(job)


def about_of(ref: str) -> str:
    """Return what a number names: a report, a case, a person of interest, or nothing that is here."""
    if not ref:
        return HUB
    return CASE if _CASE_NUMBER.fullmatch(ref) else PERSON if _PERSON_NUMBER.fullmatch(ref) else REPORT


def checked(breach: Breach) -> Breach:
    """Return a breach with its texts trimmed; raise RetentionRefused."""
    told = Breach(**{name: value.replace("\r\n", "\n").strip() for name, value in asdict(breach).items()})
    if not told.affected:
        raise RetentionRefused(N_("Tulis data apa yang terkena."))
    if any(len(value) > DETAIL_MAX_CHARACTERS for value in asdict(told).values()):
        raise RetentionRefused(N_("Tiap isian paling banyak %(most)s huruf.", most=DETAIL_MAX_CHARACTERS))
    return told


def visible(who: SignedIn) -> Any:
    """Return the condition that an account may see what a clock is about: of a case or a person, any report.

    What concerns the whole hub concerns all who may open the page.
    """
    if not who.areas:
        return peewee.Value(True) == peewee.Value(True)
    case = CaseFile.select(peewee.Value(1)).where(CaseFile.number == RightsClock.ref)
    return (
        (RightsClock.about == HUB)
        | ((RightsClock.about == REPORT) & sees(who, RightsClock.village))
        | ((RightsClock.about == CASE) & peewee.fn.EXISTS(case.where(visible_case(who))))
        | ((RightsClock.about == PERSON) & _person(RightsClock.ref, who))
    )


def _person(number: Any, who: SignedIn) -> Any:
    seen = LinkMember.select().join(Report, on=(Report.id == LinkMember.report))
    seen = seen.join(Node, on=(Node.number == Report.node))
    return peewee.fn.EXISTS(
        seen.where(
            (LinkMember.kind == "recruiter")
            & (LinkMember.group.cast("TEXT") == number)
            & sees(who, Node.village)
        )
    )


def _noted(about: str, ref: str, number: int | None) -> str:
    return f"{about} {ref}" if ref else f"right {number or 'hub'}"


def _shown(row: Any) -> ClockRow:
    return ClockRow(
        row.id,
        row.kind,
        row.about,
        row.ref,
        row.way,
        row.received_at,
        row.due_at,
        row.opened_by,
        Breach(**json.loads(row.details)) if row.details else None,
        row.closed_by,
        row.closed_at,
        row.closed_how,
        row.close_reason,
    )
