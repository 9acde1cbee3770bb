"""Epochs: the one-way chain under which a node seals and the hub opens (design D1).

A start of the node opens an epoch by RFC 9180 HPKE in mode_auth_psk; the exported secret starts one chain
for each lane. Sealing takes a message key from the chain and advances it before any byte leaves, so the
node cannot open what it sealed and a counter is never used twice. The hub derives the same chain again
from the encapsulated key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, PyHPKEError
from pyhpke.kem_key import KEMKeyPair
from pyhpke.kem_key_interface import KEMKeyInterface

from sync.errors import MalformedWire, SealBroken
from sync.identifiers import RECEIPT_DIGITS, EnvelopeId, Lane, epoch_id
from sync.sealing.derivation import (
    NONCE_BYTES,
    KeyPair,
    expand,
    extract,
    key_id,
    open_ccm,
    retag_ccm,
    seal_ccm,
)

PROTOCOL_VERSION = 1
ENC_BYTES = 32
LAST_COUNTER = 65_535
"""A lane of an epoch ends here; the node opens a new epoch, which costs 32 bytes once."""
CHECKPOINT_EVERY = 64
"""The hub remembers each 64th chain key, so a late envelope costs at most 64 steps of 2 us."""
MAX_AHEAD = 4096
"""How far a counter may lie beyond the highest that opened: it bounds the work that a junk frame can
cause (about 10 ms). Nodes send lowest counters first and keep far smaller windows."""

_SUITE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
_PSK_ID = b"kentongan/1/psk"
_EXPORT_CONTEXT = b"kentongan/epoch/1"


def _info(node_number: int, hub_public: bytes) -> bytes:
    return b"kentongan/1" + bytes([PROTOCOL_VERSION]) + node_number.to_bytes(4, "big") + key_id(hub_public)


def _private(pair: KeyPair) -> KEMKeyInterface:
    return KEMKey.from_pyca_cryptography_key(X25519PrivateKey.from_private_bytes(pair.private))


def _public(public: bytes) -> KEMKeyInterface:
    return KEMKey.from_pyca_cryptography_key(X25519PublicKey.from_public_bytes(public))


def _header(place: EnvelopeId) -> bytes:
    """The envelope's own header: associated data that no carrier can change."""
    return (
        bytes([PROTOCOL_VERSION]) + place.epoch + bytes([int(place.lane)]) + place.counter.to_bytes(4, "big")
    )


def _first_chain_key(exported: bytes, lane: Lane) -> bytes:
    return expand(exported, "lane", context=bytes([int(lane)]))


def _step(chain_key: bytes) -> tuple[bytes, bytes]:
    """Return (message key, next chain key)."""
    return expand(chain_key, "message"), expand(chain_key, "chain")


def _receipt_code(message_key: bytes) -> str:
    """16 decimal digits (53 bits) from the message key; 256 bits reduced, so the bias is below 2^-200."""
    number = int.from_bytes(expand(message_key, "receipt"), "big")
    return f"{number % 10**RECEIPT_DIGITS:0{RECEIPT_DIGITS}d}"


def _aead(message_key: bytes) -> tuple[bytes, bytes]:
    return expand(message_key, "key", 16), expand(message_key, "nonce", NONCE_BYTES)


@dataclass(frozen=True, repr=False)
class Sealed:
    """A sealed envelope and the receipt code that its reporter gets. No repr: it holds a secret."""

    id: EnvelopeId
    ciphertext: bytes
    receipt_code: str


@dataclass(frozen=True, repr=False)
class Opened:
    """What the hub reads from an envelope."""

    plain: bytes
    message_key: bytes

    @property
    def receipt_code(self) -> str:
        """Return the code that the reporter got; most who open an envelope never ask."""
        return _receipt_code(self.message_key)


def open_with(message_key: bytes, place: EnvelopeId, ciphertext: bytes) -> Opened:
    """Open the one envelope of a message key that was kept; raise SealBroken when it is none of its own."""
    key, nonce = _aead(message_key)
    return Opened(open_ccm(key, nonce, ciphertext, _header(place)), message_key)


class SealingEpoch:
    """The node's end of an epoch. Its chain keys live only in this object; threads may share it."""

    def __init__(self, enc: bytes, exported: bytes, hub_key: bytes = b"") -> None:
        self.enc = enc
        self.id = epoch_id(enc)
        self.hub_key = hub_key
        """Id of the hub's key that opens it."""
        self._lock = threading.Lock()
        self._chain = {lane: _first_chain_key(exported, lane) for lane in Lane}
        self._counter = dict.fromkeys(Lane, 0)

    @classmethod
    def open(
        cls,
        *,
        hub_public: bytes,
        node_static: KeyPair,
        psk: bytes,
        node_number: int,
        ephemeral_private: bytes | None = None,
    ) -> SealingEpoch:
        """Open a new epoch. `ephemeral_private` is for test vectors only: it must never repeat."""
        eks = None
        if ephemeral_private is not None:
            pair = _private(KeyPair.from_private(ephemeral_private))
            eks = KEMKeyPair(pair, _public(KeyPair.from_private(ephemeral_private).public))
        enc, context = _SUITE.create_sender_context(
            _public(hub_public),
            info=_info(node_number, hub_public),
            sks=_private(node_static),
            psk=psk,
            psk_id=_PSK_ID,
            eks=eks,
        )
        return cls(enc, context.export(_EXPORT_CONTEXT, 32), key_id(hub_public))

    def next_counter(self, lane: Lane) -> int:
        """Return the counter that the next envelope of the lane will get."""
        with self._lock:
            return self._counter[lane]

    def seal(self, lane: Lane, plain: bytes) -> Sealed:
        """Seal one record. The chain has moved on before this returns, whatever happens later.

        Raises OverflowError when the lane is used up: open a new epoch.
        """
        with self._lock:
            counter = self._counter[lane]
            if counter > LAST_COUNTER:
                raise OverflowError("the lane of this epoch is used up")
            message_key, next_key = _step(self._chain[lane])
            self._chain[lane] = next_key
            self._counter[lane] = counter + 1
        place = EnvelopeId(self.id, lane, counter)
        key, nonce = _aead(message_key)
        return Sealed(place, seal_ccm(key, nonce, plain, _header(place)), _receipt_code(message_key))


class OpeningEpoch:
    """The hub's end of an epoch. Holds derived chain keys in memory only; threads may share it."""

    def __init__(self, enc: bytes, node_number: int, exported: bytes) -> None:
        self.enc = enc
        self.id = epoch_id(enc)
        self.node_number = node_number
        self._lock = threading.Lock()
        self._checkpoints = {lane: [_first_chain_key(exported, lane)] for lane in Lane}
        self._highest = dict.fromkeys(Lane, -1)
        self._reached = {lane: (0, checkpoints[0]) for lane, checkpoints in self._checkpoints.items()}
        """(counter, its chain key) of the last that was asked for: the next in order is one step away."""
        self.opened_elsewhere: Callable[[Lane], int] = lambda lane: -1
        """Tells the highest counter that any process opened; asked where one seems to lie too far ahead."""

    @classmethod
    def derive(
        cls, enc: bytes, *, hub: KeyPair, node_public: bytes, psk: bytes, node_number: int
    ) -> OpeningEpoch:
        """Derive the epoch from its encapsulated key; raise SealBroken when the keys do not fit.

        mode_auth_psk fails only when an envelope is opened, not here: a wrong sender gives other keys.
        """
        if len(enc) != ENC_BYTES:
            raise MalformedWire("an encapsulated key has 32 bytes")
        try:
            context = _SUITE.create_recipient_context(
                enc,
                _private(hub),
                info=_info(node_number, hub.public),
                pks=_public(node_public),
                psk=psk,
                psk_id=_PSK_ID,
            )
            return cls(enc, node_number, context.export(_EXPORT_CONTEXT, 32))
        except (PyHPKEError, ValueError) as error:
            raise SealBroken("the encapsulated key is not usable") from error

    def expect_up_to(self, lane: Lane, counter: int) -> None:
        """Tell that counters up to this one were opened before (after a restart of the hub)."""
        with self._lock:
            self._highest[lane] = max(self._highest[lane], counter)

    def retag(self, lane: Lane, counter: int, ciphertext: bytes) -> bytes:
        """Return the sealed bytes of an envelope whose tag was left off (`derivation.retag_ccm`).

        It proves nothing: check a code that covers the result. Raises SealBroken for a counter too far ahead.
        """
        key, nonce = _aead(self._reach(lane, counter))
        return retag_ccm(key, nonce, ciphertext, _header(EnvelopeId(self.id, lane, counter)))

    def _reach(self, lane: Lane, counter: int) -> bytes:
        """Return the message key of a counter; raise SealBroken when it lies too far ahead."""
        with self._lock:
            if self._highest[lane] + MAX_AHEAD < counter <= LAST_COUNTER:
                self._highest[lane] = max(self._highest[lane], self.opened_elsewhere(lane))
            if not 0 <= counter <= min(LAST_COUNTER, self._highest[lane] + MAX_AHEAD):
                raise SealBroken("the counter lies too far ahead")
            return self._message_key(lane, counter)

    def open(self, lane: Lane, counter: int, ciphertext: bytes) -> Opened:
        """Open one envelope; raise SealBroken when it is forged, damaged or of another epoch."""
        opened = open_with(self._reach(lane, counter), EnvelopeId(self.id, lane, counter), ciphertext)
        with self._lock:
            self._highest[lane] = max(self._highest[lane], counter)
        return opened

    def _message_key(self, lane: Lane, counter: int) -> bytes:
        checkpoints = self._checkpoints[lane]
        checkpoint = min(counter // CHECKPOINT_EVERY, len(checkpoints) - 1)
        start, chain_key = checkpoint * CHECKPOINT_EVERY, checkpoints[checkpoint]
        if start < self._reached[lane][0] <= counter:
            start, chain_key = self._reached[lane]
        for position in range(start, counter):
            chain_key = expand(chain_key, "chain")
            if (position + 1) % CHECKPOINT_EVERY == 0 and (position + 1) // CHECKPOINT_EVERY == len(
                checkpoints
            ):
                checkpoints.append(chain_key)
        self._reached[lane] = (counter, chain_key)
        return expand(chain_key, "message")


def binding_mac(psk: bytes, enc: bytes, node_public: bytes, node_number: int) -> bytes:
    """Return the 16 bytes that authenticate a node's public key, sent once, under the pre-shared key."""
    root = extract(b"kentongan/1/binding", psk)
    return expand(root, "bind", 16, enc + node_public + node_number.to_bytes(4, "big"))
