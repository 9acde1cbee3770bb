"""Key derivation (RFC 5869) and the small pieces of cryptography that the rest of sealing shares."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from sync.errors import SealBroken
from sync.wire.frame_blocks import MAC_BYTES, TAG_BYTES

KEY_BYTES = 32
NONCE_BYTES = 13


def expand(key: bytes, label: str, length: int = KEY_BYTES, context: bytes = b"") -> bytes:
    """Return `length` (at most 32) bytes of HKDF-Expand with SHA-256 under `key`.

    `info` is "kentongan/1/" + label + 0x00 + context. One output block is enough for every key here.
    """
    if not 0 < length <= 32:
        raise ValueError("one HKDF block is 32 bytes")
    info = b"kentongan/1/" + label.encode("ascii") + b"\x00" + context + b"\x01"
    return _hmac(key, info)[:length]


def extract(salt: bytes, secret: bytes) -> bytes:
    """Return HKDF-Extract with SHA-256."""
    return _hmac(salt, secret)


def mac(key: bytes, *parts: bytes) -> bytes:
    """Return an 8-byte HMAC-SHA-256 over the parts, each with its length in front."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return _hmac(key, message)[:MAC_BYTES]


def _hmac(key: bytes, message: bytes) -> bytes:
    # Not `hmac.digest`: that hands the interpreter to another thread each time, a dozen times a report.
    return hmac.new(key, message, "sha256").digest()


def mac_matches(expected: bytes, got: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(expected, got)


def seal_ccm(key: bytes, nonce: bytes, plain: bytes, header: bytes) -> bytes:
    """Return AES-CCM-16-64-128 (RFC 8152 table 10): ciphertext and an 8-byte tag."""
    return AESCCM(key, tag_length=TAG_BYTES).encrypt(nonce, plain, header)


def open_ccm(key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes:
    """Open what `seal_ccm` made; raise SealBroken when it does not open."""
    if len(sealed) < TAG_BYTES:
        raise SealBroken("shorter than its tag")
    try:
        return AESCCM(key, tag_length=TAG_BYTES).decrypt(nonce, sealed, header)
    except InvalidTag as error:
        raise SealBroken("does not open under this key") from error


def retag_ccm(key: bytes, nonce: bytes, ciphertext: bytes, header: bytes) -> bytes:
    """Return the ciphertext with the tag that `seal_ccm` gave it, if it is what `seal_ccm` gave.

    For any other ciphertext it returns a tag too: something else must authenticate both. CCM's payload is
    AES-CTR from counter block 1 (RFC 3610, section 2.3), so the plain text, and from it the tag, follow.
    """
    first_block = b"\x01" + nonce + b"\x00\x01"
    decryptor = Cipher(algorithms.AES(key), modes.CTR(first_block)).decryptor()
    return seal_ccm(key, nonce, decryptor.update(ciphertext) + decryptor.finalize(), header)


@dataclass(frozen=True, repr=False)
class KeyPair:
    """An X25519 key pair as raw bytes (RFC 7748). It has no repr, so that no log can show it."""

    private: bytes
    public: bytes

    @classmethod
    def from_private(cls, private: bytes) -> KeyPair:
        """Return the pair of 32 private bytes."""
        key = X25519PrivateKey.from_private_bytes(private)
        return cls(private, key.public_key().public_bytes_raw())


def shared_secret(private: bytes, public: bytes) -> bytes:
    """Return the X25519 shared secret; raise SealBroken for a public key of small order."""
    try:
        return X25519PrivateKey.from_private_bytes(private).exchange(
            X25519PublicKey.from_public_bytes(public)
        )
    except ValueError as error:
        raise SealBroken("not a usable public key") from error


def key_id(public: bytes) -> bytes:
    """Return the 8-byte name of a public key."""
    return hashlib.sha256(b"kentongan/1/key-id" + public).digest()[:8]


def spoken_fingerprint(public: bytes) -> str:
    """Return 20 digits in groups of four, to compare by voice (66 bits)."""
    number = int.from_bytes(hashlib.sha256(b"kentongan/1/fingerprint" + public).digest()[:16], "big")
    digits = f"{number % 10**20:020d}"
    return " ".join(digits[i : i + 4] for i in range(0, 20, 4))
