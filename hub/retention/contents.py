"""What reports hold, encrypted under a random key for each report (AES-256-GCM).

The keys stand in a table of their own, wrapped under a key that is derived from the folder's secret in
hub.key and is not in the database. Forgetting deletes the key, so that what lies in backups of the other
tables cannot be read any more. Texts are bound to their report and their table; a text without the mark came
before there were keys, and is read as it is until `fill` has come to it.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.cases.models import Comment, TriageStep
from hub.links.bulk import select_in
from hub.models import Addition, Answer, AttachmentPiece, Envelope, Report, Setting, Withdrawal
from hub.referrals.models import Referral, ReferralStep
from hub.retention.key_models import ReportKey
from hub.retention.models import ForgottenReport
from hub.services import UnknownReport
from hub.storage.statements import insert_rows
from hub.storage.wiping import wipe_deleted
from sync.identifiers import EnvelopeId, Lane
from sync.sealing.derivation import expand
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

REPORT, ADDITION, ANSWER, COMMENT, REASON = "report", "addition", "answer", "staff_comment", "triage_step"
DOSSIER, CHOICES, STEP = "referral", "referral choices", "referral_step"
MARK: Final = "\x01k1:"
"""Begins an encrypted text; no text that somebody wrote begins with a control character."""
_ENVELOPE = "envelope"
_MESSAGE_KEY = "message key"
_KEY_BYTES, _NONCE_BYTES = 32, 12
_FILLED = "contents-sealed"
_REFERRALS_FILLED = "referrals-sealed"
_AT_ONCE = 500
_TRIED = 20
"""Keys that are tried before it is said that none of them fits: one may be damaged."""


class Keys:
    """The keys of some reports, to encrypt and decrypt with. No repr: it holds keys."""

    def __init__(self, keys: Mapping[str, AESGCM]) -> None:
        self._keys = keys

    def __contains__(self, owner: object) -> bool:
        return owner in self._keys

    def seal(self, owner: str, what: str, text: str) -> str:
        """Return a text encrypted; `what` names its table."""
        return MARK + b64encode(self._seal(owner, what, text.encode("utf-8"))).decode("ascii")

    def open(self, owner: str, what: str, stored: str) -> str:
        """Return a text as it was written; raise KeyError where its report was forgotten meanwhile."""
        if not stored.startswith(MARK):
            return stored
        return self._open(owner, what, b64decode(stored[len(MARK) :])).decode("utf-8")

    def seal_envelope(self, owner: str, sealed: bytes) -> bytes:
        """Return the bytes of an envelope encrypted once more."""
        return self._seal(owner, _ENVELOPE, sealed)

    def open_envelope(self, owner: str | None, stored: bytes) -> bytes:
        """Return an envelope as it came; one without an owner is kept as it came. Raises KeyError."""
        return stored if owner is None else self._open(owner, _ENVELOPE, stored)

    def seal_message_key(self, owner: str, place: str, key: bytes) -> bytes:
        """Return the key of one envelope (its place as text) encrypted; raise KeyError where forgotten."""
        return self._seal(owner, f"{_MESSAGE_KEY} {place}", key)

    def open_message_key(self, owner: str, place: str, stored: bytes) -> bytes:
        """Return it again; raise KeyError."""
        return self._open(owner, f"{_MESSAGE_KEY} {place}", stored)

    def _seal(self, owner: str, what: str, data: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._keys[owner].encrypt(nonce, data, f"{what} {owner}".encode())

    def _open(self, owner: str, what: str, stored: bytes) -> bytes:
        key = self._keys[owner]
        return key.decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], f"{what} {owner}".encode())


class ReportContents:
    """Keeps the keys. Threads may share it; what draws keys runs inside a job of the writer."""

    def __init__(self, database: Any, writer: GroupCommitWriter, *, folder_key: bytes) -> None:
        self._db = database
        self._writer = writer
        self._wrapping = AESGCM(expand(folder_key, "hub-report-keys"))
        self._of_nobody = Keys({"": AESGCM(expand(folder_key, "hub-message-keys"))})
        """For envelopes that belong to no report."""

    # -- keys -------------------------------------------------------------------------------------

    def keys_of(self, owners: Iterable[str]) -> Keys:
        """Return the keys of those that have one, in one question."""
        return Keys(self._found(owners))

    def _found(self, owners: Iterable[str]) -> dict[str, AESGCM]:
        fields = [ReportKey.owner, ReportKey.wrapped]
        return {
            owner: AESGCM(self._unwrapped(owner, bytes(wrapped)))
            for owner, wrapped in select_in(self._db, fields, ReportKey.owner, owners)
        }

    def _unwrapped(self, owner: str, wrapped: bytes) -> bytes:
        return self._wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], owner.encode())

    def has_keys(self) -> bool:
        """Return whether there is any key of a report: without one `fits` cannot tell."""
        connect(self._db)
        return bool(ReportKey.select().exists(self._db))

    def fits(self) -> bool:
        """Return whether the secret of the folder is the one under which the keys were wrapped."""
        connect(self._db)
        rows = list(ReportKey.select().limit(_TRIED).execute(self._db))
        for row in rows:
            try:
                return bool(self._unwrapped(row.owner, bytes(row.wrapped)))
            except InvalidTag:
                continue  # this one may be damaged
        return not rows

    def draw(self, owners: Iterable[str]) -> Keys:
        """Return the keys of these, drawn where there is none yet; in a job of the writer.

        Not for what was forgotten: whoever calls it has looked.
        """
        wanted = set(owners)
        keys = self._found(wanted)
        rows = []
        for owner in sorted(wanted - keys.keys()):
            key, nonce = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
            wrapped = nonce + self._wrapping.encrypt(nonce, key, owner.encode())
            rows.append({"owner": owner, "wrapped": wrapped})
            keys[owner] = AESGCM(key)
        insert_rows(self._db, ReportKey, rows)
        return Keys(keys)

    def seal(self, owner: str, what: str, text: str) -> str:
        """Return a text encrypted, in a job of the writer; raise UnknownReport for one that was forgotten."""
        if ForgottenReport.select().where(ForgottenReport.id == owner).exists(self._db):
            raise UnknownReport
        return self.draw([owner]).seal(owner, what, text)

    def forget(self, owners: Iterable[str]) -> None:
        """Delete the keys of these; in a job of the writer."""
        ReportKey.delete().where(ReportKey.owner.in_(list(owners))).execute(self._db)

    # -- reading rows -----------------------------------------------------------------------------

    def opened(self, rows: Iterable[Any], what: str, field: str = "text", owner: str = "report") -> list[Any]:
        """Return rows with the text in `field` as it was written, in their order.

        `owner` names the field that holds the report. What was forgotten meanwhile is left out.
        """
        found = list(rows)
        keys = self.keys_of({getattr(row, owner) for row in found if getattr(row, field).startswith(MARK)})
        shown = []
        for row in found:
            try:
                setattr(row, field, keys.open(getattr(row, owner), what, getattr(row, field)))
            except KeyError:
                continue
            shown.append(row)
        return shown

    def reports(self, rows: Iterable[Any]) -> list[Any]:
        """Return rows of `Report` with their bodies as JSON; see `opened`."""
        return self.opened(rows, REPORT, "body", "id")

    def report(self, report_id: str) -> Any:
        """Return the row of one report with its body as JSON, or None."""
        rows = self.reports(Report.select().where(Report.id == report_id).execute(self._db))
        return rows[0] if rows else None

    def comments(self, rows: Iterable[Any]) -> list[Any]:
        """Return rows of `Comment` with their texts; see `opened`."""
        return self.opened(rows, COMMENT, owner="about")

    def envelope(self, row: Any) -> bytes:
        """Return the bytes of an envelope as they came; raise KeyError for a forgotten one."""
        owner = row.owner
        return self.keys_of([] if owner is None else [owner]).open_envelope(owner, bytes(row.sealed))

    def seal_message_key(self, owner: str | None, place: str, key: bytes) -> bytes:
        """Return the key of one envelope encrypted under that of its report; raise KeyError if forgotten."""
        keys = self._of_nobody if owner is None else self.keys_of([owner])
        return keys.seal_message_key(owner or "", place, key)

    def open_message_key(self, owner: str | None, place: str, stored: bytes) -> bytes:
        """Return it again; raise KeyError."""
        keys = self._of_nobody if owner is None else self.keys_of([owner])
        return keys.open_message_key(owner or "", place, stored)

    # -- what came before there were keys ---------------------------------------------------------

    def fill(self) -> None:
        """Encrypt what came before there were keys, in pieces; what is done stays done when it is cut off."""
        connect(self._db)
        tables = (REPORT, ADDITION, ANSWER, COMMENT, REASON, _ENVELOPE)
        self._once(_FILLED, self._fill_reports, tables)
        self._once(_REFERRALS_FILLED, self._fill_referrals, ("referral", "referral_step"))

    def _once(self, done: str, work: Callable[[], None], tables: Sequence[str]) -> None:
        if Setting.select().where(Setting.key == done).exists(self._db):
            return
        work()
        self._writer.run(lambda: Setting.insert(key=done, value=b"1").execute(self._db))
        wipe_deleted(self._db, tables)

    def _fill_referrals(self) -> None:
        self._fill_texts(Referral, DOSSIER, "content", _owner_of_row)
        self._fill_texts(Referral, CHOICES, "choices", _owner_of_row)
        self._fill_texts(ReferralStep, STEP, "text", lambda row: owner_of_referral(row.referral))

    def _fill_reports(self) -> None:
        self._fill_texts(Report, REPORT, "body", attrgetter("id"))
        self._fill_texts(Addition, ADDITION, "text", attrgetter("report"))
        self._fill_texts(Answer, ANSWER, "text", attrgetter("report"))
        self._fill_texts(Comment, COMMENT, "text", attrgetter("about"))
        self._fill_texts(TriageStep, REASON, "reason", attrgetter("report"))
        for model, owner in ((Report, "id"), (Addition, "report"), (Withdrawal, "report")):
            self._in_pieces(model, partial(self._seal_envelopes, owner))
        self._fill_pieces()

    def _in_pieces(self, model: Any, work: Callable[[Sequence[Any]], None]) -> None:
        after: Any = None
        while True:
            query = model.select().order_by(model.id).limit(_AT_ONCE)
            rows = list((query if after is None else query.where(model.id > after)).execute(self._db))
            if not rows:
                return
            self._writer.run(partial(work, rows))
            after = rows[-1].id

    def _fill_texts(self, model: Any, what: str, field: str, owner: Callable[[Any], str]) -> None:
        def work(rows: Sequence[Any]) -> None:
            plain = {
                row.id: (owner(row), getattr(row, field))
                for row in rows
                if getattr(row, field) and not getattr(row, field).startswith(MARK) and is_owned(owner(row))
            }
            keys = self.draw(told for told, _ in plain.values())
            for number, (told, text) in plain.items():
                sealed = keys.seal(told, what, text)
                model.update({getattr(model, field): sealed}).where(model.id == number).execute(self._db)

        self._in_pieces(model, work)

    def _seal_envelopes(self, owner: str, rows: Sequence[Any]) -> None:
        self._seal_places([(EnvelopeId.parse(row.id), getattr(row, owner)) for row in rows])

    def _fill_pieces(self) -> None:
        query = AttachmentPiece.select(AttachmentPiece.epoch, AttachmentPiece.report, AttachmentPiece.counter)
        places = [
            (EnvelopeId(bytes(e), Lane.BULK, counter), str(EnvelopeId(bytes(e), Lane.REPORT, report)))
            for e, report, counter in query.tuples().execute(self._db)
        ]
        for start in range(0, len(places), _AT_ONCE):
            self._writer.run(partial(self._seal_places, places[start : start + _AT_ONCE]))

    def _seal_places(self, places: Sequence[tuple[EnvelopeId, str]]) -> None:
        keys = self.draw(owner for _, owner in places)
        for place, owner in places:
            here = (
                (Envelope.epoch == place.epoch)
                & (Envelope.lane == int(place.lane))
                & (Envelope.counter == place.counter)
            )
            row = Envelope.select().where(here & Envelope.owner.is_null()).first(self._db)
            if row is not None:
                sealed = keys.seal_envelope(owner, bytes(row.sealed))
                Envelope.update(sealed=sealed, owner=owner).where(here).execute(self._db)


def owner_of_referral(number: int) -> str:
    """Return under which name the key of one version of a referral stands; no report is called so."""
    return f"referral {number}"


def _owner_of_row(row: Any) -> str:
    return owner_of_referral(row.id)


def is_owned(about: str) -> bool:
    """Return whether a comment is about a report, and not about a case, which has words of its own."""
    return not about.startswith("case ")
