"""What a reporter sends after a report, under its code: additions and withdrawals, sealed like a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.identifiers import EnvelopeId
from sync.storage.writer import StorageError
from sync.wire.attachments import Attachment, check_attachments
from sync.wire.followups import (
    Addition,
    ReportPlace,
    Withdrawal,
    encode_addition,
    encode_withdrawal,
)
from sync.wire.numbers import UpRecord, WithdrawalReason
from village_node.duress import UnderDuress
from village_node.encoding import ReportEncoder
from village_node.log import NodeLog
from village_node.receipts import Receipts
from village_node.services import TooManyFollowUps, UnknownReceipt
from village_node.taken_rows import FormUsedBefore
from village_node.taking import OneUseForms, Taking, not_taken
from village_node.timekeeping import TimeKeeper

MOST_FOLLOW_UPS = 40
"""Of one receipt. Who has more to tell files another report."""
Write = Callable[[ReportPlace], bytes]


class FollowUps:
    """Takes additions and withdrawals. Threads may share it."""

    def __init__(
        self,
        *,
        log: NodeLog,
        taking: Taking,
        encoder: ReportEncoder,
        times: TimeKeeper,
        receipts: Receipts,
        duress: UnderDuress,
    ) -> None:
        self._log = log
        self._taking = taking
        self._encoder = encoder
        self._times = times
        self._receipts = receipts
        self._duress = duress
        self._forms: OneUseForms[bool] = OneUseForms()

    def add(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        question: int | None,
        form_token: str,
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Seal and commit an addition; return whether this form was taken before.

        Raises UnknownReceipt, TooManyGuesses, NotTaken, AttachmentRefused, or ValueError for a text that is
        too long. Under a duress code nothing is sealed or sent, and nobody can see that.
        """
        check_attachments(attachments)
        opened = self._receipts.open(code)
        written = self._encoder.write_text(text)

        def write(place: ReportPlace) -> bytes:
            return encode_addition(Addition(place, text, urgent, question), written)

        def take(token_hash: bytes | None) -> bool:
            find = opened.keys.find
            if opened.under_duress:
                self._keep_forced(find, UpRecord.ADDITION, with_files=bool(attachments))
            else:
                self._take(find, UpRecord.ADDITION, write, urgent, token_hash, attachments)
            return True

        return self._forms.take(form_token, take)[1]

    def withdraw(self, code: str, reason: WithdrawalReason, *, form_token: str) -> bool:
        """Take a report back; return whether this form was taken before. Raises as `add` does.

        The report goes on its way all the same where it has not left: its counter must not vanish, and the
        hub shows both.
        """
        opened = self._receipts.open(code)

        def write(place: ReportPlace) -> bytes:
            return encode_withdrawal(Withdrawal(place, reason))

        def take(token_hash: bytes | None) -> bool:
            find = opened.keys.find
            if self._is_withdrawn(find):
                return True
            if opened.under_duress:
                self._keep_forced(find, UpRecord.WITHDRAWAL, with_files=False)
            else:
                self._take(find, UpRecord.WITHDRAWAL, write, False, token_hash, ())
            return True

        return self._forms.take(form_token, take)[1]

    def _is_withdrawn(self, find: bytes) -> bool:
        return any(kind == UpRecord.WITHDRAWAL for kind, _, _ in self._log.follow_ups(find))

    def _keep_forced(self, find: bytes, kind: UpRecord, *, with_files: bool) -> None:
        """Let it look taken; refuse where a real one would be refused."""
        self._refuse_too_many(find, kind)
        self._taking.begin(())
        try:
            self._duress.keep(find, kind, with_files=with_files)
        except StorageError as error:
            raise not_taken(error) from error

    def _refuse_too_many(self, find: bytes, kind: UpRecord) -> None:
        if kind is UpRecord.ADDITION and len(self._log.follow_ups(find)) >= MOST_FOLLOW_UPS:
            raise TooManyFollowUps

    def _take(
        self,
        find: bytes,
        kind: UpRecord,
        write: Write,
        urgent: bool,
        token_hash: bytes | None,
        attachments: Sequence[Attachment],
    ) -> None:
        if token_hash is not None and self._log.form_used(token_hash) is not None:
            return  # before a restart
        report = self._log.place_of(find)
        if report is None:
            raise UnknownReceipt
        self._refuse_too_many(find, kind)
        self._taking.begin(attachments)
        sealed, pieces = self._taking.chain.seal_report(
            lambda epoch: write(_place(report, epoch)), attachments
        )
        try:
            self._log.add_follow_up(
                sealed.id,
                sealed.ciphertext,
                find=find,
                kind=int(kind),
                urgent=urgent,
                token_hash=token_hash,
                stamp=self._times.stamp(),
                pieces=pieces,
            )
        except FormUsedBefore:
            self._taking.void(sealed, pieces)
            return
        except StorageError as error:
            self._taking.void(sealed, pieces)
            raise not_taken(error) from error
        self._taking.hand_over(sealed, urgent)


def _place(report: EnvelopeId, epoch: bytes) -> ReportPlace:
    return ReportPlace(None if report.epoch == epoch else report.epoch, report.counter)
