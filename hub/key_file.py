"""hub.key: the hub's secrets, as they are or encrypted under a passphrase.

    {"kentongan_hub_key": 1, "x25519": hex, "ed25519": hex, "session": hex}
    {"kentongan_hub_key": 1, "x25519": [hex, hex], ...}       while the second sealing key is being retired
    {"kentongan_hub_key": 2, "argon2id": {"memory_kib", "passes", "lanes", "salt": hex}, "aes_256_gcm": hex}

The last holds the JSON of one before: nonce (12 bytes), ciphertext and tag (AES-256-GCM) under a key that
Argon2id makes of the passphrase; all before "aes_256_gcm" is associated data.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.passphrase import NotAHub as NotAHub
from sync.passwords import PASSWORD_MAX_CHARACTERS, SALT_BYTES, Cost, derive_key
from sync.storage.private_files import write_private

KEY_FILE: Final = "hub.key"
SECRET_BYTES: Final = 32
FILE_COST: Final = Cost(memory_kib=64 * 1024, passes=3, lanes=4)
"""RFC 9106's second recommended setting: a quarter of a second, once for each start."""
_PLAIN, _PROTECTED = 1, 2
_NONCE_BYTES = 12
_WRONG = "the passphrase does not open hub.key: nothing was changed"


class WrongPassphrase(NotAHub):
    """The passphrase does not open hub.key."""


class AlreadySo(NotAHub):
    """hub.key is protected already, or is not; the text says which."""


@dataclass(frozen=True, repr=False)
class HubSecrets:
    """The private keys for sealing (X25519) and signing (Ed25519), and the secret of the folder.

    `retiring` is the sealing key before this one, as long as something that is sealed for it may come.
    """

    sealing: bytes
    signing: bytes
    session: bytes
    retiring: bytes | None = None

    def to_bytes(self) -> bytes:
        """Return all, 96 bytes, or 128 with a key that is being retired."""
        return self.sealing + self.signing + self.session + (self.retiring or b"")

    @classmethod
    def from_bytes(cls, whole: bytes) -> HubSecrets:
        """Take apart what `to_bytes` gave; raise ValueError."""
        if len(whole) not in (3 * SECRET_BYTES, 4 * SECRET_BYTES):
            raise ValueError("the secrets of a hub have 96 or 128 bytes")
        return cls(whole[:32], whole[32:64], whole[64:96], whole[96:] or None)

    def to_json(self) -> str:
        """Return the text of an unprotected file."""
        return json.dumps(
            {
                "kentongan_hub_key": _PLAIN,
                # A program that knows one key only refuses two: it would forget the second.
                "x25519": self.sealing.hex()
                if self.retiring is None
                else [self.sealing.hex(), self.retiring.hex()],
                "ed25519": self.signing.hex(),
                "session": self.session.hex(),
            }
        )

    @classmethod
    def from_json(cls, told: Any) -> HubSecrets:
        """Take what `to_json` wrote; raise ValueError, KeyError, TypeError."""
        sealing = told["x25519"]
        sealing, *retiring = [sealing] if isinstance(sealing, str) else sealing
        parts = [sealing, told["ed25519"], told["session"], *retiring]
        return cls.from_bytes(b"".join(bytes.fromhex(part) for part in parts))


def is_protected(folder: Path) -> bool:
    """Return whether hub.key is under a passphrase; raise OSError, ValueError, AttributeError."""
    told = json.loads((folder / KEY_FILE).read_text("utf-8"))
    return bool(told.get("kentongan_hub_key") == _PROTECTED)


def read_secrets(folder: Path, passphrase: Callable[[], str]) -> HubSecrets:
    """Read hub.key; `passphrase` is asked only if the file is under one.

    Raises WrongPassphrase, what `passphrase` raises, and for a file that is none OSError, ValueError,
    KeyError, TypeError or AttributeError.
    """
    told = json.loads((folder / KEY_FILE).read_text("utf-8"))
    if told.get("kentongan_hub_key") != _PROTECTED:
        return HubSecrets.from_json(told)
    head = told["argon2id"]
    cost = Cost(int(head["memory_kib"]), int(head["passes"]), int(head["lanes"]))
    salt, sealed = bytes.fromhex(head["salt"]), bytes.fromhex(told["aes_256_gcm"])
    said = passphrase()
    if len(said) > PASSWORD_MAX_CHARACTERS:
        raise WrongPassphrase(_WRONG)
    key = derive_key(said, salt, cost)
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(cost, salt))
    except InvalidTag:
        raise WrongPassphrase(_WRONG) from None
    return HubSecrets.from_json(json.loads(plain))


def write_plain(folder: Path, hub: HubSecrets) -> None:
    """Write hub.key without a passphrase, in one step; raise OSError."""
    _replace(folder, hub.to_json() + "\n")


def write_protected(folder: Path, hub: HubSecrets, passphrase: str, *, cost: Cost = FILE_COST) -> None:
    """Write hub.key under a passphrase, in one step, and overwrite the bytes of the old file; raise OSError.

    Only what is encrypted is ever written. Whatever cuts it off, hub.key is the old file or the new one.
    """
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    key = derive_key(passphrase, salt, cost)
    sealed = nonce + AESGCM(key).encrypt(nonce, hub.to_json().encode("ascii"), _bound(cost, salt))
    _replace(folder, json.dumps({**_head(cost, salt), "aes_256_gcm": sealed.hex()}) + "\n")


def _head(cost: Cost, salt: bytes) -> dict[str, Any]:
    return {"kentongan_hub_key": _PROTECTED, "argon2id": {**asdict(cost), "salt": salt.hex()}}


def _bound(cost: Cost, salt: bytes) -> bytes:
    return json.dumps(_head(cost, salt), sort_keys=True, separators=(",", ":")).encode("ascii")


def _replace(folder: Path, text: str) -> None:
    """Put a text in the place of hub.key, then zeros over the bytes that were it.

    The old file is kept open, so that its bytes can be reached when it has no name any more. A crash right
    then, a copy-on-write or journalled file system, and the spare blocks of a flash disk keep them.
    """
    path = folder / KEY_FILE
    partial = path.with_name(path.name + ".part")
    left = [os.open(file, os.O_RDWR) for file in (partial, path) if file.exists()]
    try:
        if partial.exists():
            _overwrite(left[0])  # what a crash left may be plain
        write_private(path, text)
        for old in left:
            _overwrite(old)
    finally:
        for old in left:
            os.close(old)


def _overwrite(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    os.pwrite(descriptor, bytes(size), 0)
    os.fsync(descriptor)
