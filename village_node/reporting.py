"""Take a report: check the disk, seal, commit, and only then promise anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import peewee

from sync.identifiers import EnvelopeId
from sync.records import Report, is_urgent_on
from sync.sealing.receipt_code import ReceiptKeys
from sync.storage.writer import StorageError
from sync.wire.attachments import Attachment, check_attachments
from village_node.encoding import ReportEncoder
from village_node.log import NodeLog
from village_node.services import NotTaken, StorageFailed, Taken, pictures_number
from village_node.taken_rows import FormUsedBefore
from village_node.taking import MIN_FREE_BYTES, OWN_WORD_BYTES, OneUseForms, Taking, not_taken
from village_node.timekeeping import TimeKeeper


class Reporting:
    """Takes reports from the site, the socket and the command line."""

    def __init__(
        self, *, log: NodeLog, taking: Taking, encoder: ReportEncoder, times: TimeKeeper, salt: bytes
    ) -> None:
        self._log = log
        self._taking = taking
        self._encoder = encoder
        self._times = times
        self._salt = salt
        self._forms: OneUseForms[Taken] = OneUseForms()

    def take_report(
        self,
        report: Report,
        *,
        form_token: str | None,
        patient: bool = False,
        attachments: Sequence[Attachment] = (),
    ) -> Taken:
        """Seal and commit one report with its attachments; raise StorageFull or StorageFailed when nothing
        was kept, AttachmentRefused when they are beyond the limits of `sync.wire.attachments`.

        `patient`: it is one of a file, and nobody waits for it alone. A picture is bytes here: whoever hands
        it in has taken out of it what was not meant to be told (place, device).
        """
        check_attachments(attachments)
        taken, before = self._forms.take(
            form_token, lambda token_hash: self._take(report, token_hash, patient, attachments)
        )
        return replace(taken, repeated=True) if before else taken

    def taken_under(self, form_token: str) -> Taken | None:
        """Return what was taken under a token, the code None where that was before a restart; None where
        nothing was. For whoever handed in and does not know what came of it."""
        taken, token_hash = self._forms.result(form_token)
        if taken is not None:
            return replace(taken, repeated=True)
        before = self._log.form_used(token_hash)
        return None if before is None else Taken(None, str(before))

    def _take(
        self, report: Report, token_hash: bytes | None, patient: bool, attachments: Sequence[Attachment]
    ) -> Taken:
        try:
            return self._take_anew(report, token_hash, patient, attachments)
        except (FormUsedBefore, NotTaken):
            # Looked up only now: nearly every form is new. What was kept before a restart is kept, whether
            # the disk has filled up since or not.
            before = None if token_hash is None else self._used_before(token_hash)
            if before is None:
                raise
            return Taken(None, str(before))

    def _used_before(self, token_hash: bytes) -> EnvelopeId | None:
        try:
            return self._log.form_used(token_hash)
        except peewee.PeeweeException as error:  # a damaged page: it is not known, and so nothing is promised
            raise StorageFailed from error

    def _take_anew(
        self, report: Report, token_hash: bytes | None, patient: bool, attachments: Sequence[Attachment]
    ) -> Taken:
        self._taking.begin(attachments)
        urgent = self._is_urgent(report)
        # Written before a counter is taken: what takes long must not hold up the chain.
        record = self._encoder.encode(report, patient=patient)
        sealed, pieces = self._taking.chain.seal_report(record, attachments)
        keys = ReceiptKeys(sealed.receipt_code, self._salt)
        try:
            self._log.add_report(
                sealed.id,
                sealed.ciphertext,
                find=keys.find,
                urgent=urgent,
                token_hash=token_hash,
                stamp=self._times.stamp(),
                pieces=pieces,
                sign=(pictures_number(keys.pictures), keys.duress_find),
                shown=not report.official_involved,
            )
        except FormUsedBefore:
            self._taking.void(sealed, pieces)
            raise
        except StorageError as error:
            self._taking.void(sealed, pieces)
            raise not_taken(error) from error
        self._taking.hand_over(sealed, urgent)
        return Taken(sealed.receipt_code, str(sealed.id), keys.pictures, keys.duress_code[-4:])

    def send(self, record: bytes, also: Callable[[], None]) -> None:
        """Seal a record of the report lane that is no report, and commit it with what `also` does.

        Raises StorageFull or StorageFailed, or what `also` raises: then nothing was kept.
        """
        self.send_placed(record, lambda _: also(), least_bytes=MIN_FREE_BYTES)

    def send_placed(
        self, record: bytes, also: Callable[[EnvelopeId], None], *, least_bytes: int = OWN_WORD_BYTES
    ) -> None:
        """The same for the box's own word; `also` is told which envelope it is. It may use half of what is
        kept free: how the box is must be told also where no report is taken any more."""
        self._taking.begin((), least_bytes=least_bytes)
        sealed = self._taking.chain.seal(record)

        def job() -> None:
            also(sealed.id)
            self._log.add_control(sealed.id, sealed.ciphertext, self._times.stamp())

        try:
            self._log.writer.run(job)
        except StorageError as error:
            self._taking.void(sealed, ())
            raise not_taken(error) from error
        except Exception:  # whatever `also` raised: its counter was drawn, and nothing was kept under it
            self._taking.void(sealed, ())
            raise
        self._taking.hand_over(sealed, False)

    def _is_urgent(self, report: Report) -> bool:
        """Danger now, or a departure within 48 hours where the box knows its date."""
        now_s = self._times.trusted_wall_s()
        today = None if now_s is None else datetime.fromtimestamp(now_s, UTC).date()
        return report.is_urgent or (today is not None and is_urgent_on(report, today))
