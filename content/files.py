"""Where material comes from: what is shipped, a folder, or an unpacked pack; all as path -> bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable

PATH = re.compile(r"(?:languages|icons|agencies)(?:/[a-z0-9][a-z0-9_-]*)+\.(?:toml|svg|csv)")
"""What may stand in a pack; no part begins with a dot, so no path leads out of a folder."""
FOLDERS = ("agencies", "icons", "languages")


class FolderFiles(Mapping[str, bytes]):
    """The files below one folder whose paths fit `PATH`; listed at first use, read when asked for."""

    def __init__(self, root: Traversable) -> None:
        self._root = root
        self._found: dict[str, Traversable] | None = None

    def _files(self) -> dict[str, Traversable]:
        if self._found is None:
            self._found = dict(sorted(_walk(self._root)))
        return self._found

    def __getitem__(self, path: str) -> bytes:
        return self._files()[path].read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._files())

    def __len__(self) -> int:
        return len(self._files())


def _walk(root: Traversable) -> Iterator[tuple[str, Traversable]]:
    waiting = [(folder, root.joinpath(folder)) for folder in FOLDERS]
    while waiting:
        path, entry = waiting.pop()
        if entry.is_dir():
            waiting += [(f"{path}/{child.name}", child) for child in entry.iterdir()]
        elif PATH.fullmatch(path):
            yield path, entry


def shipped_files() -> FolderFiles:
    """Return the material that this version of the kit carries with it."""
    return FolderFiles(resources.files("content"))
