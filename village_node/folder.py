"""The node's folder: which files there are, who may read them, and that only one process seals in it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sync.errors import EnrolmentRefused
from sync.sealing.derivation import KeyPair
from sync.sealing.enrolment import Enrolment
from sync.storage.private_files import write_private

KEY_FILE = "node.key"
ENROLMENT_FILE = "enrolment.json"
DATABASE_FILE = "node.sqlite3"
LOCK_FILE = "node.lock"
CONTENT_FOLDER = "content"


class NotANode(EnrolmentRefused):
    """The folder holds no node; the text says what to do."""


class NodeBusy(Exception):
    """Another process holds the sealing chain of this folder."""


@dataclass(frozen=True, repr=False)
class Identity:
    """Who this node is: its own key and what the hub gave it."""

    static: KeyPair
    enrolment: Enrolment


def create(folder: Path, enrolment_text: str) -> Identity:
    """Make a node out of an enrolment; raise EnrolmentRefused, also when one is there already."""
    enrolment = Enrolment.from_text(enrolment_text)
    if (folder / ENROLMENT_FILE).exists():
        raise EnrolmentRefused(
            "this folder holds a node already: choose another folder, or move this one away first"
        )
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    pair = KeyPair.from_private(secrets.token_bytes(32))
    write_private(
        folder / KEY_FILE, json.dumps({"kentongan_node_key": 1, "x25519": pair.private.hex()}) + "\n"
    )
    write_private(folder / ENROLMENT_FILE, enrolment_text)
    return Identity(pair, enrolment)


def load(folder: Path) -> Identity:
    """Read the node of a folder; raise NotANode or EnrolmentRefused that says what to do."""
    try:
        enrolment = Enrolment.from_text((folder / ENROLMENT_FILE).read_text("utf-8"))
        return Identity(key_of((folder / KEY_FILE).read_text("utf-8")), enrolment)
    except FileNotFoundError as error:
        raise NotANode(
            "no node in this folder: get an enrolment file from the hub (kentongan hub enrol), "
            "then run kentongan node init DIR --enrolment FILE"
        ) from error
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise NotANode(
            f"the node's files cannot be read ({type(error).__name__}): check the folder's owner, "
            "or set the box up again with a new enrolment"
        ) from error


def key_of(text: str) -> KeyPair:
    """Return the key of a key file's text; raise ValueError, KeyError or TypeError when it is none."""
    return KeyPair.from_private(bytes.fromhex(json.loads(text)["x25519"]))


def is_sealed_in(folder: Path) -> bool:
    """Return whether a process holds the sealing lock, this one too. Ask seldom: one that begins at the same
    moment is refused."""
    try:
        descriptor = os.open(folder / LOCK_FILE, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


class SealingLock:
    """Held by the one process that seals; released by the kernel however it ends."""

    def __init__(self, folder: Path) -> None:
        """Raise NodeBusy when another process holds it."""
        self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise NodeBusy("another process seals in this folder") from error

    def release(self) -> None:
        """Let go."""
        os.close(self._descriptor)
