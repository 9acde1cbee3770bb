"""Material on its way: takes pieces from every carrier and packs from a person's hand, and tells the hub."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from content.errors import PackNotNewer, PackRefused
from sync.storage.writer import StorageError
from sync.wire.content_pieces import ContentHeld, ContentPiece
from sync.wire.control_records import encode_up_control
from sync.wire.numbers import ContentTrouble
from village_node.content_folder import ContentState
from village_node.content_pieces import PieceFolder
from village_node.content_store import ContentStore, MaterialRefused
from village_node.log import NodeLog
from village_node.services import NotTaken

_log = logging.getLogger(__name__)
_TROUBLES = {
    "": ContentTrouble.NONE,
    "refused": ContentTrouble.REFUSED,
    "broken": ContentTrouble.CRASHED,
    "crashed": ContentTrouble.CRASHED,
    "by hand": ContentTrouble.BY_HAND,
}
_TOLD = "content_told"


class ContentDesk:
    """Joins the store of material, the pieces and the hub. Threads may share it."""

    def __init__(
        self,
        store: ContentStore,
        pieces: PieceFolder,
        *,
        log: NodeLog,
        send: Callable[[bytes, Callable[[], None]], None],
    ) -> None:
        self.store = store
        self._pieces = pieces
        self._log = log
        self._send = send
        self._lock = threading.Lock()
        self._settling = threading.Lock()
        self._builds_on: tuple[ContentState, set[bytes]] | None = None
        self.ready = threading.Event()
        """Set when an update may be whole: `settle` then does what takes long."""

    # -- pieces -----------------------------------------------------------------------------------

    def hear(self, pieces: Sequence[ContentPiece]) -> int:
        """Keep the pieces that build on what is here; return how many brought anything new."""
        if not pieces or not self.store.takes_packs:
            return 0
        with self._lock:
            try:
                wanted = self._wanted()
                new = sum(self._pieces.add(piece) for piece in pieces if piece.base in wanted)
            except OSError as error:
                # Reports and answers need the card more; the hub sends what is missing again.
                _log.warning("a piece of material was not kept (%s)", error.strerror)
                return 0
        if new:
            self.ready.set()
        return new

    def _wanted(self) -> set[bytes]:
        state = self.store.state
        if self._builds_on is None or self._builds_on[0] != state:
            self._builds_on = (state, self.store.builds_on())
        return self._builds_on[1]

    def settle(self) -> None:
        """Use the updates that are whole, drop what is not what it should be, and tell the hub."""
        with self._settling:
            self.ready.clear()
            damaged = False
            with self._lock:
                whole = list(self._pieces.whole())
            for update, data in whole:
                damaged = not self._use(data) or damaged
                with self._lock:
                    self._pieces.drop(update)
            self.tell(damaged=damaged)

    def _use(self, data: bytes | None) -> bool:
        if data is None:
            return False
        try:
            version = self.store.take_update(data)
        except (MaterialRefused, PackNotNewer) as refused:
            _log.warning("an update of the material is not used: %s", refused)
            return True  # the store took note of it, or has it
        except PackRefused as refused:
            _log.warning("an update of the material was not taken: %s", refused)
            return False
        _log.info("material of version %d is in use", version)
        return True

    # -- by hand ----------------------------------------------------------------------------------

    def import_pack(self, pack: bytes) -> int:
        """Use a pack that somebody brought; return its version. Raises PackRefused: nothing has changed."""
        try:
            return self.store.take(pack)
        finally:
            self.tell()

    def roll_back(self) -> int:
        """Go back to the version before; return it. Raises NothingToGoBackTo or OSError."""
        version = self.store.roll_back()
        self.tell()
        return version

    # -- telling ----------------------------------------------------------------------------------

    def tell(self, *, damaged: bool = False) -> None:
        """Tell the hub which material is shown, unless it was told; a failure waits for the next time."""
        if not self.store.takes_packs:
            return
        try:
            record = encode_up_control(self._held(damaged))
            told = int.from_bytes(hashlib.sha256(record).digest()[:7], "big")
            if damaged or told != self._log.number(_TOLD):
                self._send(record, lambda: self._log.set_number(_TOLD, told))
        except (NotTaken, StorageError, PackRefused) as error:
            _log.warning("the hub was not told of the material (%s)", type(error).__name__)

    def _held(self, damaged: bool) -> ContentHeld:
        state = self.store.state
        trouble = ContentTrouble.DAMAGED if damaged else _TROUBLES.get(state.why, ContentTrouble.REFUSED)
        of_version = state.left if trouble > ContentTrouble.DAMAGED else 0
        return ContentHeld(state.active, self.store.fingerprint(), trouble, of_version)

    def status(self) -> dict[str, Any]:
        """Return what a person may want to know; `arrived_share` of a newer version, from 0 to 1."""
        with self._lock:
            return {**self.store.status(), "arrived_share": self._pieces.share_here()}
