"""Whether the hub shut this box out: its word, signed by its signing key for this box's number, and kept."""

from __future__ import annotations

from sync.errors import MalformedWire, SealBroken
from sync.sealing.signing import open_signed
from sync.wire.control_records import SignedSetting
from sync.wire.settings_records import SETTING_LABEL, Revoked, decode_setting
from village_node.folder import Identity
from village_node.log import NodeLog

_WORD = "revoked"


class Revocation:
    """Keeps the word. Threads may share it.

    Whoever has the card, its keys or a replay of another box's word cannot make it: the signature is checked
    again at each start.
    """

    def __init__(self, log: NodeLog, identity: Identity) -> None:
        self._log = log
        self._hub = identity.enrolment.hub_signing_public
        self._number = identity.enrolment.node_number
        kept = log.text(_WORD)
        self.stands = kept is not None and self._is_ours(bytes.fromhex(kept))
        """Whether this box counts no more; it never ends."""

    def take_setting(self, record: SignedSetting) -> None:
        """Keep the hub's word on this box; anything else changes nothing. Within a job of the store."""
        if not self.stands and self._is_ours(record.signed):
            self._log.set_texts({_WORD: record.signed.hex()})
            self.stands = True

    def _is_ours(self, signed: bytes) -> bool:
        try:
            setting = decode_setting(open_signed(self._hub, SETTING_LABEL, signed))
        except (SealBroken, MalformedWire):
            return False
        return isinstance(setting, Revoked) and setting.node_number == self._number
