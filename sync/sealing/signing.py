"""What the hub signs for everybody: bulletins and settings. A node that is asked can show it to others.

    body | Ed25519 signature (64 bytes) over "kentongan/1/signed/" + label, a zero byte, and the body

The label says what the body is, so that a bulletin cannot be passed off as a setting. A body brings what
keeps it from being used twice (a serial number, or the place of the answered question): a signature does not.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.errors import SealBroken

SIGNATURE_BYTES = 64
_SIGNED_AS = b"kentongan/1/signed/"


def sign(private: bytes, label: str, body: bytes) -> bytes:
    """Return the body with its signature behind it; `private` is the raw Ed25519 key (32 bytes, RFC 8032)."""
    return body + Ed25519PrivateKey.from_private_bytes(private).sign(_signed(label, body))


def open_signed(public: bytes, label: str, signed: bytes) -> bytes:
    """Return the body; raise SealBroken when it was not signed by this key under this label."""
    body, signature = signed[:-SIGNATURE_BYTES], signed[-SIGNATURE_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _signed(label, body))
    except (InvalidSignature, ValueError) as error:
        raise SealBroken("not signed by the key of the enrolment") from error
    return body


def _signed(label: str, body: bytes) -> bytes:
    return _SIGNED_AS + label.encode("ascii") + b"\x00" + body
