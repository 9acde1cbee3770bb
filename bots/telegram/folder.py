"""The bot's folder: its token, the key of tokens of wishes, the journal, the status; nothing about people."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sync.storage.private_files import write_private

TOKEN_FILE = "telegram.token"  # noqa: S105 - a file's name
KEY_FILE = "telegram.key"
WEBHOOK_FILE = "telegram.webhook"
JOURNAL_FILE = "telegram.db"
CREDENTIAL = "telegram-token"
"""The name of the token as a credential of systemd, which wins over the file."""
TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,100}")


class FolderUnusable(Exception):
    """The text says what to do; it never holds the token."""


@dataclass(frozen=True)
class BotFolder:
    """What a bot starts with."""

    path: Path
    token: str = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def bot_id(self) -> int:
        """The bot's own number, the first part of its token."""
        return int(self.token.split(":")[0])


def keep_token(folder: Path, token: str) -> None:
    """Write a token of @BotFather into the folder, made if it is not there; raise FolderUnusable."""
    if not TOKEN.fullmatch(token.strip()):
        raise FolderUnusable("a token of @BotFather looks like 123456789:AAE... with at least 20 characters")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(folder / TOKEN_FILE, token.strip() + "\n")
    except OSError as error:
        raise FolderUnusable(f"the bot's folder cannot be written ({error.strerror})") from error


def open_folder(folder: Path) -> BotFolder:
    """Return what the folder holds, its key made at the first start; raise FolderUnusable."""
    try:
        key_file = folder / KEY_FILE
        if not key_file.exists():
            write_private(key_file, secrets.token_hex(32) + "\n")
        key = bytes.fromhex(key_file.read_text("ascii").strip())
        token = _token(folder)
    except FileNotFoundError:
        raise FolderUnusable(
            "there is no token: kentongan bot token DIR takes the one that @BotFather gave"
        ) from None
    except (OSError, ValueError):
        raise FolderUnusable("the files of the bot's folder cannot be read: is it this user's?") from None
    if not TOKEN.fullmatch(token) or len(key) != 32:
        raise FolderUnusable("the token or the key in the bot's folder is none: kentongan bot token DIR")
    return BotFolder(folder, token, key)


def _token(folder: Path) -> str:
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials:
        given = Path(credentials) / CREDENTIAL
        if given.exists():
            return given.read_text("ascii").strip()
    return (folder / TOKEN_FILE).read_text("ascii").strip()


def webhook_secret(folder: Path) -> str:
    """Return the word by which Telegram shows that it is Telegram, made at first use."""
    file = folder / WEBHOOK_FILE
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32) + "\n")
    return file.read_text("ascii").strip()
