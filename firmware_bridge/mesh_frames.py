"""Meshtastic frames as they stand on the air: a 16-byte header and an encrypted `Data` message.

Header, little-endian (`RadioInterface.h` of the firmware)::

    0   to           u32      12  flags        u8   hop_limit 0-2, want_ack 3, via_mqtt 4, hop_start 5-7
    4   from         u32      13  channel hash u8   0 for a packet encrypted by public key
    8   packet id    u32      14  next hop     u8
                              15  relay node   u8

The emulator encrypts for real, so that what it writes to a frame log is what a listener would hold.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, replace
from functools import reduce
from operator import xor

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from firmware_bridge.modem_presets import PUBLIC_KEY_OVERHEAD_BYTES
from sync.airtime import MAX_FRAME_BYTES, MESH_HEADER_BYTES

DATA_LIMIT_BYTES = MAX_FRAME_BYTES - MESH_HEADER_BYTES
"""The largest encoded `Data` message under a channel key."""

DEFAULT_KEY = bytes.fromhex("d4f1bb3a20290759f0bcffabcf4e6901")
"""The well-known key behind the one-byte PSK 1; PSK n changes its last byte by n - 1."""

_HEADER = struct.Struct("<IIIBBBB")


@dataclass(frozen=True)
class MeshFrame:
    """One frame on the air; `body` is encrypted."""

    to: int
    source: int
    packet_id: int
    hop_limit: int
    hop_start: int
    want_ack: bool
    channel_hash: int
    relay_node: int
    body: bytes

    def encode(self) -> bytes:
        """Return the bytes on the air."""
        flags = self.hop_limit | (self.want_ack << 3) | (self.hop_start << 5)
        return (
            _HEADER.pack(self.to, self.source, self.packet_id, flags, self.channel_hash, 0, self.relay_node)
            + self.body
        )

    @classmethod
    def decode(cls, frame: bytes) -> MeshFrame:
        """Read a frame. Raises struct.error when it is shorter than its header."""
        to, source, packet_id, flags, channel_hash, _, relay = _HEADER.unpack_from(frame)
        return cls(
            to,
            source,
            packet_id,
            flags & 7,
            flags >> 5,
            bool(flags & 8),
            channel_hash,
            relay,
            frame[MESH_HEADER_BYTES:],
        )

    def relayed_by(self, number: int) -> MeshFrame:
        """Return the frame as a relay sends it on: a hop fewer, under the relay's last byte."""
        return replace(self, hop_limit=self.hop_limit - 1, relay_node=number & 0xFF)


@dataclass(frozen=True)
class ChannelKey:
    """Name and key of a channel; together they make the hash by which a receiver finds it."""

    name: str
    psk: bytes

    @property
    def key(self) -> bytes:
        """Return the AES key: none, 16 or 32 bytes; a one-byte PSK stands for a well-known key."""
        if len(self.psk) != 1:
            return self.psk
        if self.psk == b"\x00":
            return b""
        return DEFAULT_KEY[:-1] + bytes([(DEFAULT_KEY[-1] + self.psk[0] - 1) & 0xFF])

    @property
    def hash(self) -> int:
        """Return the one-byte hint in the header: every byte of the name and the key, XORed."""
        return reduce(xor, self.name.encode() + self.key, 0)

    def crypt(self, packet_id: int, source: int, text: bytes) -> bytes:
        """Encrypt or decrypt (AES-CTR is its own inverse) under the packet's nonce."""
        if not self.key:
            return text
        nonce = struct.pack("<QII", packet_id, source, 0)
        return Cipher(algorithms.AES(self.key), modes.CTR(nonce)).encryptor().update(text)


class KeyPair:
    """A device's X25519 pair, and packets sealed with it for one other device."""

    def __init__(self, private_key: bytes) -> None:
        self.private_bytes = private_key
        self._private = X25519PrivateKey.from_private_bytes(private_key)
        self.public_bytes = self._private.public_key().public_bytes_raw()

    def seal(self, peer: bytes, packet_id: int, source: int, extra_nonce: bytes, text: bytes) -> bytes:
        """Return text encrypted for the holder of `peer`, tag and extra nonce appended."""
        nonce = _public_key_nonce(packet_id, source, extra_nonce)
        return self._cipher(peer).encrypt(nonce, text, None) + extra_nonce

    def open(self, peer: bytes, packet_id: int, source: int, body: bytes) -> bytes | None:
        """Return what `peer` sealed for this pair, or None when it does not open."""
        if len(body) < PUBLIC_KEY_OVERHEAD_BYTES:
            return None
        nonce = _public_key_nonce(packet_id, source, body[-4:])
        try:
            return self._cipher(peer).decrypt(nonce, body[:-4], None)
        except InvalidTag:
            return None

    def _cipher(self, peer: bytes) -> AESCCM:
        shared = self._private.exchange(X25519PublicKey.from_public_bytes(peer))
        return AESCCM(hashlib.sha256(shared).digest(), tag_length=8)


def _public_key_nonce(packet_id: int, source: int, extra_nonce: bytes) -> bytes:
    return struct.pack("<I4sIB", packet_id, extra_nonce, source, 0)
