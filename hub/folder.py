"""The hub's folder: its keys, its configuration, its database."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.account_services import DEMAND_SECOND_FACTOR
from hub.disclosure import Disclosure, disclosure_from_json
from hub.key_file import KEY_FILE as KEY_FILE
from hub.key_file import SECRET_BYTES, HubSecrets, read_secrets, write_plain
from hub.key_file import NotAHub as NotAHub
from hub.passphrase import ask_passphrase
from hub.retention.periods import Periods, periods_from_json
from hub.services import ROLES, Role
from sync.errors import EnrolmentRefused, SyncError
from sync.sealing.derivation import KeyPair
from sync.storage.private_files import write_private
from updater.release_file import ReleaseRefused
from updater.successors import Trust, grown, read_chain, trusted

CONFIG_FILE = "hub.json"
GENERATION_FILE = "generation"
LOCK_FILE = "hub.lock"


class HubBusy(SyncError):
    """Another process serves this hub; the text says what to do."""


@dataclass(frozen=True, repr=False)
class HubIdentity:
    """The hub's keys and its name."""

    static: KeyPair
    """What villages seal for."""
    signing_private: bytes
    session_secret: bytes
    name: str
    database_url: str | None
    release_public: bytes | None = None
    """The first release key; which one counts now says `release_trust`."""
    demand_second_factor: tuple[Role, ...] = DEMAND_SECOND_FACTOR
    retention: Periods = Periods()
    retiring: KeyPair | None = None
    """What they sealed for before, as long as it is not destroyed."""
    release_chain: bytes = b""
    """The statements on release keys that this hub knows (`updater.successors`)."""

    @property
    def release_trust(self) -> Trust:
        """Return whose releases and material count now."""
        first = () if self.release_public is None else (self.release_public,)
        return trusted(first, read_chain(self.release_chain))

    @property
    def release_now(self) -> bytes | None:
        """Return the release key that new boxes are given; None without any."""
        return next(iter(self.release_trust.release), None)

    @property
    def secrets(self) -> HubSecrets:
        """Return what hub.key holds."""
        old = None if self.retiring is None else self.retiring.private
        return HubSecrets(self.static.private, self.signing_private, self.session_secret, old)

    @property
    def sealing_keys(self) -> tuple[KeyPair, ...]:
        """Return the keys that open what villages sealed, the newest first."""
        return (self.static,) if self.retiring is None else (self.static, self.retiring)

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
    secret = HubSecrets.from_bytes(secrets.token_bytes(3 * SECRET_BYTES))
    identity = HubIdentity(
        KeyPair.from_private(secret.sealing),
        secret.signing,
        secret.session,
        name,
        database_url,
        release_public,
        demand_second_factor,
    )
    write_settings(folder, identity)
    write_plain(folder, secret)
    return identity


def identity_of(secret: HubSecrets, *, name: str) -> HubIdentity:
    """Return what a hub is of which nothing but its secrets is left."""
    return HubIdentity(
        KeyPair.from_private(secret.sealing),
        secret.signing,
        secret.session,
        name,
        None,
        retiring=_retiring(secret),
    )


def _retiring(secret: HubSecrets) -> KeyPair | None:
    return None if secret.retiring is None else KeyPair.from_private(secret.retiring)


def write_settings(folder: Path, identity: HubIdentity) -> None:
    """Write hub.json, what is no secret of a hub; raise OSError."""
    release = identity.release_public
    settings = {
        "name": identity.name,
        "database_url": identity.database_url,
        "release_public": None if release is None else release.hex(),
        "release_keys": identity.release_chain.hex(),
        "demand_second_factor": list(identity.demand_second_factor),
        "retention": identity.retention.to_json(),
    }
    _keep(folder, settings)


def check(folder: Path) -> None:
    """Raise NotAHub where there is no hub; asks for no passphrase."""
    for name in (KEY_FILE, CONFIG_FILE):
        if not (folder / name).exists():
            raise NotAHub("no hub in this folder: make one with kentongan hub init DIR")


def load(folder: Path, passphrase: Callable[[], str] = ask_passphrase) -> HubIdentity:
    """Read the hub of a folder; raise NotAHub that says what to do. `passphrase` is asked if needed."""
    try:
        check(folder)
        secret = read_secrets(folder, passphrase)
        settings = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
        release = settings.get("release_public")
        identity = HubIdentity(
            KeyPair.from_private(secret.sealing),
            secret.signing,
            secret.session,
            str(settings["name"]),
            settings.get("database_url"),
            None if release is None else bytes.fromhex(release),
            _roles(settings.get("demand_second_factor", DEMAND_SECOND_FACTOR)),
            periods_from_json(settings.get("retention", {})),
            _retiring(secret),
            bytes.fromhex(settings.get("release_keys", "")),
        )
        identity.release_trust  # noqa: B018 - what does not lead from the first key is found here
        return identity
    except NotAHub:
        raise
    except (
        OSError,
        UnicodeDecodeError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ReleaseRefused,
    ) as error:
        raise NotAHub(
            f"the hub's files cannot be read ({type(error).__name__}): check the folder's owner, "
            "or restore hub.key and hub.json from the backup"
        ) from error


def _settings(folder: Path) -> dict[str, Any]:
    try:
        settings = json.loads((folder / CONFIG_FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(settings, dict):
        raise _unreadable()
    return settings


def _unreadable() -> NotAHub:
    return NotAHub("hub.json cannot be read: put it back from the backup, or move it away")


def database_url_of(folder: Path) -> str | None:
    """Return where hub.json says that the data is, without hub.key; raise NotAHub."""
    url = _settings(folder).get("database_url")
    return None if url is None else str(url)


def disclosure_of(folder: Path) -> Disclosure:
    """Return whom hub.json names to be told of a weakness, without hub.key; raise NotAHub."""
    try:
        return disclosure_from_json(_settings(folder))
    except (ValueError, TypeError) as error:
        raise _unreadable() from error


def keep_disclosure(folder: Path, disclosure: Disclosure) -> None:
    """Write it into hub.json beside what stands there, for running processes too.

    Raises NotAHub, HubBusy, OSError.
    """
    _keep_settings(folder, lambda settings: disclosure.to_json())


def keep_release_chain(folder: Path, given: bytes) -> Trust:
    """Write statements on release keys into hub.json where they go further than those there; return whose
    word counts then. Processes that run must be started anew.

    Raises ReleaseRefused, NotAHub, HubBusy, OSError.
    """

    def longer(settings: dict[str, Any]) -> dict[str, Any]:
        first, held = settings.get("release_public"), bytes.fromhex(settings.get("release_keys", ""))
        return {"release_keys": grown([bytes.fromhex(first)] if first else [], held, given).hex()}

    settings = _keep_settings(folder, longer)
    first = settings.get("release_public")
    return trusted(
        [bytes.fromhex(first)] if first else [], read_chain(bytes.fromhex(settings["release_keys"]))
    )


def _keep_settings(folder: Path, changes: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    check(folder)
    with key_lock(folder):
        settings = _settings(folder)
        settings |= changes(settings)
        _keep(folder, settings)
    return settings


def keep_release_key(folder: Path, public: bytes) -> bool:
    """Write the first public release key into hub.json, for enrolments to come. False where another stands
    there: boxes go by that one. Raises NotAHub, HubBusy, OSError.
    """
    kept = _keep_settings(
        folder, lambda settings: {"release_public": settings.get("release_public") or public.hex()}
    )
    return bool(kept["release_public"] == public.hex())


def _keep(folder: Path, settings: dict[str, Any]) -> None:
    write_private(folder / CONFIG_FILE, json.dumps(settings, ensure_ascii=False, indent=1) + "\n")


@contextmanager
def key_lock(folder: Path) -> Iterator[None]:
    """Let one process at a time change hub.key; raise HubBusy, OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise HubBusy("another process changes hub.key: wait for it") from error
    finally:
        os.close(descriptor)


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
