"""Take a report: check the disk, seal, commit, and only then promise anything."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sync.identifiers import EnvelopeId
from sync.records import Report, is_urgent_on
from sync.sealing.epoch import Sealed
from sync.sealing.receipt_code import ReceiptKeys
from sync.storage.writer import StorageError, StorageFullError
from sync.wire.attachments import Attachment, check_attachments
from village_node.chain import Chain
from village_node.encoding import ReportEncoder
from village_node.log import FormUsedBefore, NodeLog
from village_node.services import StorageFailed, StorageFull, Taken, pictures_number
from village_node.timekeeping import TimeKeeper

_log = logging.getLogger(__name__)
REMEMBERED_FORMS = 256
"""Receipts that a second POST of the same form shows again, in memory only."""
MIN_FREE_BYTES = 16 * 1024 * 1024
"""Below this the disk counts as full: the WAL, its checkpoint and a log must still fit."""


class _Form:
    """A form that is being taken or was: whoever posts it again waits here."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.taken: Taken | None = None


class Reporting:
    """Takes reports from the site, the socket and the command line."""

    def __init__(
        self,
        *,
        log: NodeLog,
        chain: Chain,
        encoder: ReportEncoder,
        times: TimeKeeper,
        salt: bytes,
        free_bytes: Callable[[], int],
        on_taken: Callable[[EnvelopeId, bytes, bool], None],
    ) -> None:
        self._log = log
        self._chain = chain
        self._encoder = encoder
        self._times = times
        self._salt = salt
        self._free_bytes = free_bytes
        self._on_taken = on_taken
        self._forms: OrderedDict[bytes, _Form] = OrderedDict()
        self._lock = threading.Lock()

    def new_form_token(self) -> str:
        """Return a fresh one-use token: 128 random bits. The box keeps nothing until it is used."""
        return secrets.token_urlsafe(16)

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
        if form_token is None:
            return self._take(report, None, patient, attachments)
        token_hash = hashlib.sha256(form_token.encode("utf-8", "surrogatepass")).digest()[:16]
        form, first = self._form(token_hash)
        if not first:
            form.done.wait()
            if form.taken is not None:
                return replace(form.taken, repeated=True)
            return self.take_report(report, form_token=form_token, patient=patient, attachments=attachments)
        try:
            form.taken = self._take(report, token_hash, patient, attachments)
        finally:
            if form.taken is None:
                with self._lock:
                    self._forms.pop(token_hash, None)
            form.done.set()
        return form.taken

    def _form(self, token_hash: bytes) -> tuple[_Form, bool]:
        with self._lock:
            form = self._forms.get(token_hash)
            if form is not None:
                return form, False
            form = self._forms[token_hash] = _Form()
            while len(self._forms) > REMEMBERED_FORMS:
                self._forms.popitem(last=False)
            return form, True

    def _take(
        self, report: Report, token_hash: bytes | None, patient: bool, attachments: Sequence[Attachment]
    ) -> Taken:
        if token_hash is not None:
            before = self._log.form_used(token_hash)
            if before is not None:
                return Taken(None, str(before))
        # Twice: they go through the WAL first.
        attached_bytes = 2 * sum(len(attachment.content) for attachment in attachments)
        if self._free_bytes() < MIN_FREE_BYTES + attached_bytes:
            raise StorageFull
        self._announce()
        urgent = self._is_urgent(report)
        # Written before a counter is taken: what takes long must not hold up the chain.
        record = self._encoder.encode(report, patient=patient)
        sealed, pieces = self._chain.seal_report(record, attachments)
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
            )
        except FormUsedBefore:
            self._chain.void(sealed.id, *(piece.id for piece in pieces))
            return Taken(None, None)
        except StorageError as error:
            self._chain.void(sealed.id, *(piece.id for piece in pieces))
            raise _not_taken(error) from error
        self._hand_over(sealed, urgent)
        return Taken(sealed.receipt_code, str(sealed.id), keys.pictures, keys.duress_code[-4:])

    def send(self, record: bytes, also: Callable[[], None]) -> None:
        """Seal a record of the report lane that is no report, and commit it with what `also` does.

        Raises StorageFull or StorageFailed, or what `also` raises: then nothing was kept.
        """
        if self._free_bytes() < MIN_FREE_BYTES:
            raise StorageFull
        self._announce()
        sealed = self._chain.seal(record)

        def job() -> None:
            also()
            self._log.add_control(sealed.id, sealed.ciphertext, self._times.stamp())

        try:
            self._log.writer.run(job)
        except StorageError as error:
            self._chain.void(sealed.id)
            raise _not_taken(error) from error
        except Exception:
            self._chain.void(sealed.id)
            raise
        self._hand_over(sealed, False)

    def _is_urgent(self, report: Report) -> bool:
        """Danger now, or a departure within 48 hours where the box knows its date."""
        now_s = self._times.trusted_wall_s()
        today = None if now_s is None else datetime.fromtimestamp(now_s, UTC).date()
        return report.is_urgent or (today is not None and is_urgent_on(report, today))

    def _announce(self) -> None:
        try:
            self._chain.announce(lambda sealed: self._hand_over(sealed, False))
        except StorageError as error:
            raise _not_taken(error) from error

    def _hand_over(self, sealed: Sealed, urgent: bool) -> None:
        try:
            self._on_taken(sealed.id, sealed.ciphertext, urgent)
        except Exception as error:
            # It is committed: its reporter gets the receipt, and the next start offers it to the link again.
            _log.error("a committed envelope was not offered to the link: %s", type(error).__name__)


def _not_taken(error: StorageError) -> StorageFull | StorageFailed:
    return StorageFull() if isinstance(error, StorageFullError) else StorageFailed()
