"""Versions of material on the card: each in a folder of its own, written whole before anything names it.

    content/v7/head          magic, signature and manifest of the pack, as they came
    content/v7/languages/... its files
    content/state.json       which version is in use, and which to go back to

A power cut at any point leaves the version that was in use or the new one: files are flushed, then the folder
is renamed, then the state is replaced, each flushed before the next.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from content.errors import PackRefused
from content.files import FolderFiles
from content.packs import ContentPack, Manifest, head_of, join, sha256_hex, verify
from sync.storage.private_files import write_private

SHIPPED = 0
"""The version that came with the program: always there."""
_STATE_FILE = "state.json"
_NEW = "new"


@dataclass(frozen=True)
class ContentState:
    """What is in use. `good` is gone back to; `starts` counts starts with a version that never ran yet.

    `left` is a version that was given up, and `why`: "refused" (its material cannot be used), "broken"
    (damaged on the card), "crashed" (the box did not come up with it) or "by hand".
    """

    active: int = SHIPPED
    good: int = SHIPPED
    starts: int = 0
    proven: bool = True
    left: int = 0
    why: str = ""


class ContentFolder:
    """Reads and writes the folder. Whoever uses it sees to it that one thread at a time does."""

    def __init__(self, folder: Path, keys: Sequence[Ed25519PublicKey]) -> None:
        self.path = folder
        self._keys = keys

    # -- state ------------------------------------------------------------------------------------

    def state(self) -> ContentState:
        """Return the state; a missing or unreadable one stands for the shipped version."""
        try:
            fields = json.loads((self.path / _STATE_FILE).read_text("utf-8"))
            return ContentState(**fields)
        except (OSError, ValueError, TypeError, RecursionError):
            return ContentState()

    def keep_state(self, state: ContentState) -> None:
        """Replace the state; raise OSError."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        write_private(self.path / _STATE_FILE, json.dumps(asdict(state)) + "\n")

    # -- versions ---------------------------------------------------------------------------------

    def folder_of(self, version: int) -> Path:
        """Return where a version lies."""
        return self.path / f"v{version}"

    def files(self, version: int) -> FolderFiles:
        """Return the files of a version, each read from the card when it is asked for."""
        return FolderFiles(self.folder_of(version))

    def checked(self, version: int) -> Manifest:
        """Return the manifest of a version whose signature and files hold now; raise PackRefused."""
        folder = self.folder_of(version)
        try:
            manifest = verify((folder / "head").read_bytes(), self._keys)
            for entry in manifest.files:
                if sha256_hex((folder / entry.path).read_bytes()) != entry.sha256:
                    raise PackRefused(f"{entry.path} is damaged on the card")
        except OSError as error:
            raise PackRefused(f"version {version} cannot be read ({error.strerror})") from error
        if manifest.version != version:
            raise PackRefused(f"version {version} is another one")
        return manifest

    def write_new(self, pack: bytes, opened: ContentPack) -> Path:
        """Write a pack's files beside the others, flushed, under a name that nothing reads; raise OSError."""
        new = self.path / _NEW
        self.path.mkdir(mode=0o700, exist_ok=True)
        shutil.rmtree(new, ignore_errors=True)
        folders = {new}
        for path, content in [*opened.files.items(), ("head", join(*head_of(pack), b""))]:
            file = new / path
            file.parent.mkdir(parents=True, exist_ok=True)
            folders.update(parent for parent in file.parents if new in (parent, *parent.parents))
            with file.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        for folder in sorted(folders, reverse=True):
            _flush_folder(folder)
        return new

    def name_new(self, version: int) -> None:
        """Give what `write_new` wrote its name; raise OSError."""
        target = self.folder_of(version)
        shutil.rmtree(target, ignore_errors=True)
        (self.path / _NEW).rename(target)
        _flush_folder(self.path)

    def forget_all_but(self, versions: Sequence[int]) -> None:
        """Remove versions that nothing names any more, and what a cut left behind."""
        kept = {f"v{version}" for version in versions}
        for folder in self.path.glob("v*"):
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.path / _NEW, ignore_errors=True)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
