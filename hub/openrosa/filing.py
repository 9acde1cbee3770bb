"""Takes filled-in forms of phones in, through the intake of all reports. Implements `PhoneServices`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import peewee

from hub.accounts.areas import may_see, sees
from hub.desk_work import BY_PHONE
from hub.exports.models import ApiToken
from hub.intake import Intake, Offered
from hub.languages import N_
from hub.models import Node, Report
from hub.openrosa.doors import Doors
from hub.openrosa.form import FILES
from hub.openrosa.models import PhoneFile, PhoneReport
from hub.openrosa.reading import Submission, SubmissionRefused, digest
from hub.openrosa.services import Filed, FiledView
from hub.services import SignedIn
from hub.storage.statements import insert_rows
from sync.clock import Clock
from sync.identifiers import EnvelopeId, Lane
from sync.link.hearing import KnownEpoch
from sync.media.cleaning import Clean
from sync.media.refusals import MediaRefused, Refusal
from sync.sealing.epoch import SealingEpoch
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.attachments import Attachment, cut_attachments, encode_piece
from sync.wire.control_records import with_age
from sync.wire.followups import Addition, ReportPlace, encode_addition
from sync.wire.report_codec import encode_report_with
from sync.wire.text_models import QUICK

OLDEST_FORM_S: Final = 366 * 86_400
"""A phone that says that a form is older has a wrong clock."""
_NO_SUCH_VILLAGE: Final = N_(
    "Desa itu tidak ada dalam wilayah ponsel ini. Laporan tetap ada di ponsel; hubungi pusat."
)
"""The same words for a village that there is not and one of another area."""


@dataclass
class _Cleaned:
    """Files of a form that were looked at: rows of `PhoneFile`, and what is kept of them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)
    busy: bool = False


class Filing:
    """Files. `note` notes an access (`AuditLog.note`). Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        doors: Doors,
        intake: Intake,
        clean: Clean,
        *,
        note: Callable[[SignedIn, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._doors = doors
        self._intake = intake
        self._clean = clean
        self._note = note

    def villages(self, *, who: SignedIn) -> list[tuple[str, str]]:
        """See `PhoneServices.villages`."""
        connect(self._db)
        mine = ~Node.retired & sees(who, Node.village)
        rows = Node.select(Node.village, Node.village_name).where(mine).order_by(Node.village)
        return [(str(row.village), str(row.village_name)) for row in rows.execute(self._db)]

    def file(self, submission: Submission, files: Mapping[str, bytes], *, by: SignedIn) -> Filed:
        """See `PhoneServices.file`."""
        connect(self._db)
        held = self._held(submission.instance)
        if held is None:
            door = self._door(submission.village, by)
            cleaned = self._cleaned(submission, files)
            try:
                report = self._new(submission, door, cleaned, by)
            except peewee.IntegrityError:  # the same form came to another process of this hub meanwhile
                held = self._held(submission.instance)
                if held is None:
                    raise
            else:
                return Filed(report, True, len(cleaned.attachments), cleaned.refused, cleaned.busy)
        of = Report.select(Node.village).join(Node, on=(Node.number == Report.node)).where(Report.id == held)
        if not may_see(by, str(of.scalar(self._db))):
            raise SubmissionRefused(_NO_SUCH_VILLAGE)
        for last in (*[False] * len(files), True):
            cleaned = self._cleaned(submission, files)
            try:
                if cleaned.rows:
                    self._more(held, cleaned, by)
                break
            except peewee.IntegrityError:  # the same file came with another post meanwhile: look again
                if last:
                    raise
        return Filed(held, False, len(cleaned.attachments), cleaned.refused, cleaned.busy)

    def _held(self, instance: str) -> str | None:
        row = PhoneReport.select().where(PhoneReport.instance == instance).first(self._db)
        return None if row is None else str(row.report)

    def _door(self, village: str, by: SignedIn) -> int:
        if not may_see(by, village):
            raise SubmissionRefused(_NO_SUCH_VILLAGE)
        try:
            return self._doors.of_village(village)
        except LookupError:
            raise SubmissionRefused(_NO_SUCH_VILLAGE) from None

    # -- files ------------------------------------------------------------------------------------

    def _cleaned(self, submission: Submission, files: Mapping[str, bytes]) -> _Cleaned:
        """Clean those files that the form names and that were not looked at before."""
        asked = PhoneFile.select(PhoneFile.name).where(PhoneFile.instance == submission.instance)
        seen = {str(row.name) for row in asked.execute(self._db)}
        cleaned = _Cleaned()
        for name, question in submission.files.items():
            if name not in files or digest(name) in seen:
                continue
            problem = ""
            try:
                cleaned.attachments.append(self._clean_one(question, files[name]))
            except MediaRefused as refused:
                if refused.refusal is Refusal.BUSY:
                    cleaned.busy = True
                    continue
                problem = cleaned.refused[question] = refused.refusal
            cleaned.rows.append(
                {"instance": submission.instance, "name": digest(name), "problem": str(problem)}
            )
        return cleaned

    def _clean_one(self, question: str, content: bytes) -> Attachment:
        with os.fdopen(os.memfd_create("phone", os.MFD_CLOEXEC), "w+b", buffering=0) as file:
            file.write(content)
            return self._clean(FILES[question], file)

    # -- keeping ----------------------------------------------------------------------------------

    def _new(self, submission: Submission, door: int, cleaned: _Cleaned, by: SignedIn) -> str:
        sealing, epoch = self._doors.open(door)
        at = self._clock.wall_s()
        ended_at = submission.ended_at
        known = ended_at is not None and at - OLDEST_FORM_S <= ended_at <= at
        record = encode_report_with(submission.report, QUICK)
        report = str(EnvelopeId(sealing.id, Lane.REPORT, sealing.next_counter(Lane.REPORT)))
        row = {
            "instance": submission.instance,
            "report": report,
            "token": _token_of(by),
            "version": submission.version,
            "filed_at": at,
        }

        def beside() -> None:
            insert_rows(self._db, PhoneReport, [row])
            self._note(by, "filed", f"report {report}", "")
            self._keep_files(cleaned)
            self._doors.keep(epoch, float(ended_at or at) if known else at, at)

        self._store(sealing, epoch, record, cleaned.attachments, at, beside)
        return report

    def _more(self, report: str, cleaned: _Cleaned, by: SignedIn) -> None:
        """Keep files that came after their form: as an addition without text."""
        at = self._clock.wall_s()

        def note_alone() -> None:
            self._keep_files(cleaned)

        if not cleaned.attachments:
            self._writer.run(note_alone)
            return
        place = EnvelopeId.parse(report)
        number = Report.select(Report.node).where(Report.id == report).get(self._db).node
        sealing, epoch = self._doors.open(number)
        record = encode_addition(Addition(ReportPlace(place.epoch, place.counter), ""))

        def beside() -> None:
            self._note(by, "filed more", f"report {report}", "")
            self._keep_files(cleaned)
            self._doors.keep(epoch, at, at)

        self._store(sealing, epoch, record, cleaned.attachments, at, beside)

    def _store(
        self,
        sealing: SealingEpoch,
        epoch: KnownEpoch,
        record: bytes,
        attachments: Sequence[Attachment],
        at: float,
        beside: Callable[[], None],
    ) -> None:
        """Seal a record and its attachments as a box does, and hand them to the intake in one transaction."""
        first = sealing.seal(Lane.REPORT, with_age(0, record))
        sealed = [first]
        for piece in cut_attachments(first.id.counter, attachments):
            sealed.append(sealing.seal(Lane.BULK, with_age(0, encode_piece(piece))))
        offered = [Offered((epoch,), one.id.lane, one.id.counter, one.ciphertext) for one in sealed]
        read = self._intake.read(self._intake.verify(offered))
        self._intake.store(read, via=BY_PHONE, at=at, beside=beside)

    def _keep_files(self, cleaned: _Cleaned) -> None:
        insert_rows(self._db, PhoneFile, cleaned.rows)

    # -- looking and forgetting -------------------------------------------------------------------

    def of(self, report_id: str) -> FiledView | None:
        """See `PhoneServices.of`."""
        connect(self._db)
        row = PhoneReport.select().where(PhoneReport.report == report_id).first(self._db)
        if row is None:
            return None
        token = ApiToken.select().where(ApiToken.id == row.token).first(self._db)
        refused = (PhoneFile.instance == row.instance) & (PhoneFile.problem != "")
        count = PhoneFile.select().where(refused).count(self._db)
        return FiledView(int(row.token), "" if token is None else str(token.purpose), int(count))

    def forget(self, reports: Sequence[str]) -> None:
        """Know these no more; inside the transaction that forgets them."""
        mine = PhoneReport.select(PhoneReport.instance).where(PhoneReport.report.in_(list(reports)))
        instances = [row.instance for row in mine.execute(self._db)]
        if instances:
            PhoneFile.delete().where(PhoneFile.instance.in_(instances)).execute(self._db)
            PhoneReport.delete().where(PhoneReport.instance.in_(instances)).execute(self._db)


def _token_of(by: SignedIn) -> int:
    return int(by.name.removeprefix("token "))
