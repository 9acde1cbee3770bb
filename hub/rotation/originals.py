"""Opens envelopes as villages sealed them, also when the key that they were sealed for is destroyed.

Each envelope has a key of its own (`sync.sealing.epoch`). Before a sealing key goes, the message keys of what
is still read (reports, what was added, pieces of attachments, records of a later version) are kept, each
under the key of its report: forgetting takes them along, and they open nothing that is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cryptography.exceptions import InvalidTag

from hub.keyring import Keyring
from hub.models import Envelope, Epoch
from hub.retention.contents import ReportContents
from hub.rotation.models import KeptKey
from hub.storage.statements import insert_rows, put
from sync.errors import SealBroken
from sync.identifiers import EnvelopeId, Lane
from sync.sealing.epoch import Opened, open_with
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_AT_ONCE = 500
_NONE = b""
"""In the place of a message key: its envelope did not open when it was tried."""


class KeyDestroyed(KeyError):
    """The envelope is sealed for a key of the hub that is destroyed, and its own key was not kept."""


class Originals:
    """Opens what is kept. Threads may share it."""

    def __init__(self, database: Any, keyring: Keyring, contents: ReportContents) -> None:
        self._db = database
        self._keyring = keyring
        self._contents = contents

    def open(self, place: EnvelopeId) -> Opened:
        """Open one envelope that is here.

        Raises LookupError where there is none, its report is forgotten or its key is lost (KeyDestroyed),
        SealBroken where the keys do not fit.
        """
        connect(self._db)
        row = Envelope.select().where(_at(Envelope, place)).first(self._db)
        if row is None:
            raise LookupError("no such envelope")
        sealed = self._contents.envelope(row)
        epoch = self._keyring.by_id(place.epoch)
        if epoch is not None:
            return epoch.opening.open(place.lane, place.counter, sealed)
        kept = KeptKey.select().where(_at(KeptKey, place) & (KeptKey.wrapped != _NONE)).first(self._db)
        if kept is None:
            raise KeyDestroyed("the key that this envelope is sealed for is destroyed")
        key = self._contents.open_message_key(kept.owner, str(place), bytes(kept.wrapped))
        return open_with(key, place, sealed)

    # -- before a key goes ------------------------------------------------------------------------

    def lacking(self, hub_key: bytes) -> int:
        """Return how many message keys are still to be kept of what is sealed for a key."""
        return sum(len(self._lacking(epoch)) for epoch in self._epochs(hub_key))

    def unopened(self, hub_key: bytes) -> int:
        """Return how many did not open when it was tried: keys of reports are lost, or bytes are damaged."""
        return sum(len(self._unopened(epoch)) for epoch in self._epochs(hub_key))

    def open_again(self, hub_key: bytes) -> int:
        """Return how many of those open now: keys of reports were put back."""
        places = [place for epoch in self._epochs(hub_key) for place in self._unopened(epoch)]
        return sum(self._wrapped(place) != _NONE for place in places)

    def keep(self, writer: GroupCommitWriter, hub_key: bytes, wanted: Callable[[], bool]) -> int:
        """Keep them, some in each transaction, as long as `wanted`; return how many were kept now."""
        kept = 0
        for epoch in self._epochs(hub_key):
            for places, again in ((self._lacking(epoch), False), (self._unopened(epoch), True)):
                for start in range(0, len(places), _AT_ONCE):
                    if not wanted():
                        return kept
                    some = places[start : start + _AT_ONCE]
                    kept += writer.run(partial(self._keep, some, again))
        return kept

    def _epochs(self, hub_key: bytes) -> list[bytes]:
        connect(self._db)
        rows = Epoch.select(Epoch.id).where(Epoch.hub_key == hub_key).order_by(Epoch.id)
        return [bytes(row.id) for row in rows.execute(self._db)]

    def _lacking(self, epoch: bytes) -> list[EnvelopeId]:
        rows = Envelope.select(Envelope.lane, Envelope.counter).where((Envelope.epoch == epoch) & _is_read())
        tried = KeptKey.select(KeptKey.lane, KeptKey.counter).where(KeptKey.epoch == epoch)
        missing = set(rows.tuples().execute(self._db)) - set(tried.tuples().execute(self._db))
        return [EnvelopeId(epoch, Lane(lane), counter) for lane, counter in sorted(missing)]

    def _unopened(self, epoch: bytes) -> list[EnvelopeId]:
        marked = (KeptKey.epoch == epoch) & (KeptKey.wrapped == _NONE)
        rows = KeptKey.select(KeptKey.lane, KeptKey.counter).where(marked).tuples().execute(self._db)
        return [EnvelopeId(epoch, Lane(lane), counter) for lane, counter in sorted(rows)]

    def _keep(self, places: list[EnvelopeId], again: bool) -> int:
        rows = []
        for place in places:
            row = Envelope.select(Envelope.owner).where(_at(Envelope, place) & _is_read()).first(self._db)
            if row is None:
                continue  # forgotten meanwhile
            wrapped = self._wrapped(place)
            if wrapped != _NONE or not again:
                rows.append({"epoch": place.epoch, "lane": int(place.lane), "counter": place.counter,
                             "owner": row.owner, "wrapped": wrapped})  # fmt: skip
        if again:
            for found in rows:
                put(KeptKey, found).execute(self._db)
        else:
            insert_rows(self._db, KeptKey, rows)
        return sum(row["wrapped"] != _NONE for row in rows)

    def _wrapped(self, place: EnvelopeId) -> bytes:
        """Return the message key of an envelope, encrypted; `_NONE` where it does not open."""
        owner = Envelope.select(Envelope.owner).where(_at(Envelope, place)).tuples().first(self._db)
        try:
            key = self.open(place).message_key
            return self._contents.seal_message_key(None if owner is None else owner[0], str(place), key)
        except (LookupError, SealBroken, InvalidTag):
            return _NONE

    def forget(self, reports: Sequence[str]) -> None:
        """Delete the message keys of reports, in a job of the writer."""
        KeptKey.delete().where(KeptKey.owner.in_(list(reports))).execute(self._db)


def _is_read() -> Any:
    """Whether an envelope is still read as it came."""
    return (Envelope.owner.is_null(False) & (Envelope.sealed != b"")) | ~Envelope.readable


def _at(model: Any, place: EnvelopeId) -> Any:
    return (model.epoch == place.epoch) & (model.lane == int(place.lane)) & (model.counter == place.counter)
