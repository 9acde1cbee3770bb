"""What taking a report and taking a follow-up share: one-use forms, room on the disk, the way to the link."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sync.identifiers import EnvelopeId
from sync.sealing.epoch import Sealed
from sync.storage.writer import StorageError, StorageFullError
from sync.wire.attachments import Attachment
from village_node.chain import Chain
from village_node.services import BoxShutOut, StorageFailed, StorageFull

_log = logging.getLogger(__name__)
REMEMBERED_FORMS = 256
"""Results that a second POST of the same form shows again, in memory only."""
MIN_FREE_BYTES = 16 * 1024 * 1024
"""Below this the disk counts as full: the WAL, its checkpoint and a log must still fit."""
OWN_WORD_BYTES = MIN_FREE_BYTES // 2
"""So much must be free for the box's own word to the hub: a full card must still be told of."""
T = TypeVar("T")


def new_form_token() -> str:
    """Return a fresh one-use token: 128 random bits. The box keeps nothing until it is used."""
    return secrets.token_urlsafe(16)


def _hash(form_token: str) -> bytes:
    return hashlib.sha256(form_token.encode("utf-8", "surrogatepass")).digest()[:16]


class _Form(Generic[T]):
    """A form that is being taken or was: whoever posts it again waits here."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.result: T | None = None


class OneUseForms(Generic[T]):
    """Lets each form token take something once, however often and at once it is posted."""

    def __init__(self) -> None:
        self._forms: OrderedDict[bytes, _Form[T]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, form_token: str | None, take: Callable[[bytes | None], T]) -> tuple[T, bool]:
        """Return what `take` returned for this token (it gets the token's hash), and whether that was before.

        What `take` raises goes to whoever called first; others then try themselves.
        """
        if form_token is None:
            return take(None), False
        token_hash = _hash(form_token)
        form, first = self._form(token_hash)
        while not first:
            form.done.wait()
            if form.result is not None:
                return form.result, True
            form, first = self._form(token_hash)
        try:
            form.result = take(token_hash)
        finally:
            if form.result is None:
                with self._lock:
                    self._forms.pop(token_hash, None)
            form.done.set()
        return form.result, False

    def result(self, form_token: str) -> tuple[T | None, bytes]:
        """Return what was taken for a token, waiting where it is being taken now, and the token's hash; None
        where nothing was, or too long ago to be remembered."""
        token_hash = _hash(form_token)
        with self._lock:
            form = self._forms.get(token_hash)
        if form is None:
            return None, token_hash
        form.done.wait()
        return form.result, token_hash

    def _form(self, token_hash: bytes) -> tuple[_Form[T], bool]:
        with self._lock:
            form = self._forms.get(token_hash)
            if form is not None:
                return form, False
            form = self._forms[token_hash] = _Form()
            while len(self._forms) > REMEMBERED_FORMS:
                self._forms.popitem(last=False)
            return form, True


class Taking:
    """The steps before and after a commit."""

    def __init__(
        self,
        *,
        chain: Chain,
        free_bytes: Callable[[], int],
        on_taken: Callable[[EnvelopeId, bytes, bool], None],
        is_shut_out: Callable[[], bool] = lambda: False,
    ) -> None:
        self._is_shut_out = is_shut_out
        self.chain = chain
        self._free_bytes = free_bytes
        self._on_taken = on_taken

    def begin(self, attachments: Sequence[Attachment], *, least_bytes: int = MIN_FREE_BYTES) -> None:
        """See that there is room, and announce what the hub must know first; raise StorageFull,
        StorageFailed or BoxShutOut."""
        if self._is_shut_out():
            raise BoxShutOut
        # Twice: they go through the WAL first.
        attached_bytes = 2 * sum(len(attachment.content) for attachment in attachments)
        try:
            free = self._free_bytes()
        except OSError as error:  # a card that does not answer: nothing was taken
            raise StorageFailed from error
        if free < least_bytes + attached_bytes:
            raise StorageFull
        try:
            self.chain.announce(lambda sealed: self.hand_over(sealed, False))
        except StorageError as error:
            raise not_taken(error) from error

    def void(self, sealed: Sealed, pieces: Sequence[Sealed]) -> None:
        """What was sealed was not committed: its counters will be announced."""
        self.chain.void(sealed.id, *(piece.id for piece in pieces))

    def hand_over(self, sealed: Sealed, urgent: bool) -> None:
        """Offer a committed envelope to the link."""
        self.chain.committed(sealed.id)
        try:
            self._on_taken(sealed.id, sealed.ciphertext, urgent)
        except Exception as error:
            # It is committed: its reporter gets the receipt, and the next start offers it to the link again.
            _log.error("a committed envelope was not offered to the link: %s", type(error).__name__)


def not_taken(error: StorageError) -> StorageFull | StorageFailed:
    """Return what the pages are told."""
    return StorageFull() if isinstance(error, StorageFullError) else StorageFailed()
