"""The folder of an SMS bot: the key of the ids of messages, and the status; nothing about people."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sync.storage.private_files import write_private

KEY_FILE = "sms.key"
KEY_BYTES = 32


class FolderUnusable(Exception):
    """The text says what to do."""


def open_folder(folder: Path) -> bytes:
    """Return the key of the ids, made with the folder at the first start; raise FolderUnusable.

    The key must outlive the process: by it a message that still lies on the card has the same id again. With
    a new key, what was taken and not deleted yet would be taken twice.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / KEY_FILE
        if not file.exists():
            write_private(file, secrets.token_hex(KEY_BYTES) + "\n")
        key = bytes.fromhex(file.read_text("ascii").strip())
    except OSError as error:
        raise FolderUnusable(f"the bot's folder cannot be used ({os.strerror(error.errno or 0)})") from error
    except ValueError as error:
        raise FolderUnusable(f"{KEY_FILE} is damaged: delete it while no message lies on the card") from error
    if len(key) != KEY_BYTES:
        raise FolderUnusable(f"{KEY_FILE} is damaged: delete it while no message lies on the card")
    return key
