"""The hub's folder: its keys, its configuration, its database."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.account_services import DEMAND_SECOND_FACTOR
from hub.retention.periods import Periods, periods_from_json
from hub.services import ROLES, Role
from sync.errors import EnrolmentRefused, SyncError
from sync.sealing.derivation import KeyPair
from sync.storage.private_files import write_private

KEY_FILE = "hub.key"
CONFIG_FILE = "hub.json"
GENERATION_FILE = "generation"
LOCK_FILE = "hub.lock"


class NotAHub(EnrolmentRefused):
    """The folder holds no hub; the text says what to do."""


class HubBusy(SyncError):
    """Another process serves this hub; the text says what to do."""


@dataclass(frozen=True, repr=False)
class HubIdentity:
    """The hub's keys and its name."""

    static: KeyPair
    signing_private: bytes
    session_secret: bytes
    name: str
    database_url: str | None
    release_public: bytes | None = None
    demand_second_factor: tuple[Role, ...] = DEMAND_SECOND_FACTOR
    retention: Periods = Periods()

    @property
    def signing_public(self) -> bytes:
        """Return the Ed25519 public key of bulletins and settings."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_private).public_key().public_bytes_raw()


def create(
    folder: Path,
    *,
    name: str,
    database_url: str | None,
    release_public: bytes | None,
    demand_second_factor: tuple[Role, ...] = DEMAND_SECOND_FACTOR,
) -> HubIdentity:
    """Make a hub; raise EnrolmentRefused when one is there already."""
    if (folder / KEY_FILE).exists():
        raise EnrolmentRefused("this folder holds a hub already: choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    identity = HubIdentity(
        KeyPair.from_private(secrets.token_bytes(32)),
        secrets.token_bytes(32),
        secrets.token_bytes(32),
        name,
        database_url,
        release_public,
        demand_second_factor,
    )
    keys = {
        "kentongan_hub_key": 1,
        "x25519": identity.static.private.hex(),
        "ed25519": identity.signing_private.hex(),
        "session": identity.session_secret.hex(),
    }
    settings = {
        "name": name,
        "database_url": database_url,
        "release_public": None if release_public is None else release_public.hex(),
        "demand_second_factor": list(demand_second_factor),
        "retention": Periods().to_json(),
    }
    write_private(folder / CONFIG_FILE, json.dumps(settings, ensure_ascii=False, indent=1) + "\n")
    write_private(folder / KEY_FILE, json.dumps(keys) + "\n")
    return identity


def load(folder: Path) -> HubIdentity:
    """Read the hub of a folder; raise NotAHub that says what to do."""
    try:
        keys = json.loads((folder / KEY_FILE).read_text("utf-8"))
        settings = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
        release = settings.get("release_public")
        return HubIdentity(
            KeyPair.from_private(bytes.fromhex(keys["x25519"])),
            bytes.fromhex(keys["ed25519"]),
            bytes.fromhex(keys["session"]),
            str(settings["name"]),
            settings.get("database_url"),
            None if release is None else bytes.fromhex(release),
            _roles(settings.get("demand_second_factor", DEMAND_SECOND_FACTOR)),
            periods_from_json(settings.get("retention", {})),
        )
    except FileNotFoundError as error:
        raise NotAHub("no hub in this folder: make one with kentongan hub init DIR") from error
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAHub(
            f"the hub's files cannot be read ({type(error).__name__}): check the folder's owner, "
            "or restore hub.key and hub.json from the backup"
        ) from error


def _roles(named: Iterable[str]) -> tuple[Role, ...]:
    """Return the roles that `demand_second_factor` of hub.json names; raise ValueError for no role."""
    roles = tuple(role for role in ROLES if role in set(named))
    if len(roles) != len(set(named)):
        raise ValueError("demand_second_factor names a role that is none")
    return roles


class ServingLock:
    """Held by the one process that serves; released by the kernel however it ends.

    A second one would draw a new generation under the first's feet, and nodes would refuse the first.
    """

    def __init__(self, folder: Path) -> None:
        """Raise HubBusy when another process holds it."""
        self._descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise HubBusy("another process serves this hub: stop it first, or use it") from error

    def release(self) -> None:
        """Let go."""
        os.close(self._descriptor)


def last_generation(folder: Path) -> int:
    """Return the last generation drawn here, 0 when none is known.

    Kept beside the database, so that one restored from backup, on a machine whose date is behind, does not
    draw a generation again: its numbers are nonces.
    """
    try:
        return int((folder / GENERATION_FILE).read_text("ascii"))
    except (OSError, ValueError):
        return 0


def keep_generation(folder: Path, generation: int) -> None:
    """Keep the generation that was drawn."""
    write_private(folder / GENERATION_FILE, f"{generation}\n")
