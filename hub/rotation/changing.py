"""hub.key with another sealing key in it, and without the old one: each in one step."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hub.key_file import SECRET_BYTES, HubSecrets, NotAHub, is_protected, write_plain, write_protected


def with_new_key(secret: HubSecrets) -> HubSecrets:
    """Return the secrets with a sealing key drawn now, and the one of before as the one that is retired.

    Raises NotAHub while another is being retired.
    """
    if secret.retiring is not None:
        raise NotAHub("a key is being retired already: see kentongan hub key status")
    return replace(secret, sealing=secrets.token_bytes(SECRET_BYTES), retiring=secret.sealing)


def without_old_key(secret: HubSecrets) -> HubSecrets:
    """Return the secrets without the key that is being retired."""
    return replace(secret, retiring=None)


def rewrite(folder: Path, secret: HubSecrets, passphrase: Callable[[], str]) -> None:
    """Write hub.key under its passphrase, or plain where it has none; the old bytes are overwritten.

    Whatever cuts it off, hub.key is the old file or the new one. Raises OSError.
    """
    if is_protected(folder):
        write_protected(folder, secret, passphrase())
    else:
        write_plain(folder, secret)
