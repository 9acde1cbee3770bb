"""The hub's sealing keys as this box knows them: that of its enrolment, and those that the hub signed since.

The newest is sealed for. What was sealed for an earlier one keeps going to the hub under that one; it is
forgotten when nothing of it is left here.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from sync.errors import MalformedWire, SealBroken
from sync.sealing.derivation import key_id
from sync.sealing.downlink import StaticKeys
from sync.sealing.signing import open_signed
from sync.wire.control_records import HubKeyHeld, SignedSetting, encode_up_control
from sync.wire.settings_records import SETTING_LABEL, HubKey, decode_setting
from village_node.chain import Chain
from village_node.folder import Identity
from village_node.log import NodeLog
from village_node.services import NotTaken
from village_node.taking import Taking

_log = logging.getLogger(__name__)
_KEYS, _TOLD, _LAST = "hub_keys", "hub_key_told", "last_hub_key"
RETRY_S = 30.0
"""A full card, or a report on its way to it: the change is tried again."""


class HubKeys:
    """Which keys there are, and which one each epoch is for. Threads may share it."""

    def __init__(self, log: NodeLog, identity: Identity) -> None:
        self._log = log
        self._identity = identity
        self._enrolled = key_id(identity.enrolment.hub_public)
        self._epochs = log.epoch_keys()
        self._static: dict[bytes, StaticKeys] = {}
        self._lock = threading.Lock()
        self._publics = {self._enrolled: identity.enrolment.hub_public}
        self.number = 0
        """The number of the newest."""
        for told in (log.text(_KEYS) or "").split():
            number, public = told.split(":")
            self.number = int(number)
            self._publics[key_id(bytes.fromhex(public))] = bytes.fromhex(public)
        self.changed = threading.Event()
        """Set when there is a newer one."""

    @property
    def newest(self) -> bytes:
        """Return the id of the key to seal for."""
        return next(reversed(self._publics))

    @property
    def newest_public(self) -> bytes:
        """Return that key."""
        return self._publics[self.newest]

    def opened(self, epoch: bytes, hub_key: bytes) -> None:
        """Take note of an epoch of this start."""
        self._epochs[epoch] = hub_key

    def of_epoch(self, epoch: bytes) -> StaticKeys:
        """Return the keys with which hub and box speak of an epoch."""
        return self._keys_of(self._epochs.get(epoch, self._enrolled))

    def to_hub(self) -> StaticKeys:
        """Return the keys for what is of no epoch: a gateway's bundles."""
        return self._keys_of(self.newest)

    def from_hub(self) -> Sequence[StaticKeys]:
        """Return the keys under which the hub may seal, the newest first: it learns late which this holds."""
        if len(self._publics) == 1:
            return [self.to_hub()]
        in_use = {self._epochs.get(epoch, self._enrolled) for epoch, _ in self._log.epochs()}
        return [self._keys_of(key) for key in reversed(self._publics) if key in in_use | {self.newest}]

    def _keys_of(self, key: bytes) -> StaticKeys:
        with self._lock:
            if key not in self._static:
                self._static[key] = StaticKeys(
                    own_private=self._identity.static.private,
                    other_public=self._publics.get(key, self._publics[self._enrolled]),
                    psk=self._identity.enrolment.psk,
                )
            return self._static[key]

    def take_setting(self, record: SignedSetting) -> None:
        """Keep a key that the hub signed for this box and that is newer; anything else changes nothing.

        The newest, signed again later: the hub lacks this box's word that it turned, so that is told again.
        """
        setting = self._open(record.signed)
        if setting is None or setting.number < self.number:
            return
        place = f"{setting.generation:010}.{setting.serial:020}"
        if setting.number == self.number:
            if key_id(setting.public) == self.newest and place > (self._log.text(_LAST) or ""):
                self._log.set_texts({_LAST: place, _TOLD: None})
                self.changed.set()
            return
        kept = f"{self._log.text(_KEYS) or ''} {setting.number}:{setting.public.hex()}".strip()
        self._log.set_texts({_KEYS: kept, _LAST: place})
        self.number = setting.number
        self._publics.pop(key_id(setting.public), None)
        self._publics[key_id(setting.public)] = setting.public
        self.changed.set()

    def _open(self, signed: bytes) -> HubKey | None:
        enrolment = self._identity.enrolment
        try:
            setting = decode_setting(open_signed(enrolment.hub_signing_public, SETTING_LABEL, signed))
            if not isinstance(setting, HubKey) or setting.node_number != enrolment.node_number:
                return None
            StaticKeys(
                own_private=self._identity.static.private, other_public=setting.public, psk=enrolment.psk
            )
        except (SealBroken, MalformedWire):
            return None
        return setting


class HubKeyChange:
    """Turns the box to a newer key: an epoch for it, the ends of all earlier ones, and word to the hub."""

    def __init__(
        self,
        keys: HubKeys,
        chain: Chain,
        taking: Taking,
        log: NodeLog,
        send: Callable[[bytes, Callable[[], None]], None],
    ) -> None:
        self._keys = keys
        self._chain = chain
        self._taking = taking
        self._log = log
        self._send = send
        self._one_at_a_time = threading.Lock()

    def settle(self) -> bool:
        """Do what is left of it; return False where something must be waited for.

        Cut off anywhere, it is taken up at the next call or the next start: word to the hub is what ends it.
        """
        with self._one_at_a_time:
            newest = self._keys.newest
            if not self._keys.number or self._log.text(_TOLD) == newest.hex():
                return True
            self._chain.turn_to(newest)
            try:
                self._taking.begin(())
                bulk = self._chain.told_all_ends()
                if bulk is None:
                    return False
                record = encode_up_control(HubKeyHeld(newest, bulk))
                self._send(record, lambda: self._log.set_texts({_TOLD: newest.hex()}))
            except NotTaken:
                return False
            return True

    def run(self, closing: threading.Event) -> None:
        """Settle each change as it comes, until `closing` is set (then set `changed` too)."""
        while not closing.is_set():
            self._keys.changed.clear()
            try:
                done = self.settle()
            except Exception as error:
                # A fault of ours: the box goes on with the key that it has.
                _log.error("fault with a new key of the hub: %s", type(error).__name__)
                done = False
            self._keys.changed.wait(None if done else RETRY_S)
