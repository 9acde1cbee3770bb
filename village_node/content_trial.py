"""Reads every text of a folder of material once, in a process of its own.

What breaks or eats the memory of this process has not touched the one that serves.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from content.catalogue import Catalogue, languages_of
from content.check import load_everything
from content.errors import ContentRefused, PackRefused
from content.files import FolderFiles

MAX_MEMORY_BYTES = 512 * 1024 * 1024
"""Of addresses; a trial of what is shipped needs a tenth."""
WAIT_S = 300.0
"""A board of 2013 needs some seconds."""


def try_folder(folder: Path) -> None:
    """Read the material in another process; raise PackRefused when any of it cannot be used."""
    command = [sys.executable, "-m", __name__, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PackRefused(f"the material could not be tried ({type(error).__name__})") from error
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-1:] if done.returncode == 1 else []
        raise PackRefused(f"the material cannot be used: {said[0] if said else 'the trial broke'}")


def main(folder: Path) -> int:
    """Read all; return 0, or 1 with one line that says what cannot be used."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    files = FolderFiles(folder)
    try:
        for language in languages_of(files):
            load_everything(Catalogue(files, language))
        load_everything(Catalogue(files))  # Indonesian must be there
    except ContentRefused as error:
        print(" ".join(str(error).split()), file=sys.stderr)  # noqa: T201 - what the caller reads
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
