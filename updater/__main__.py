"""What root runs on a box: `begin` before each start of the node, `take` for a release in the inbox, `watch`
while a version is on trial, `back` by hand, `status`."""

from __future__ import annotations

import argparse
import json
import platform
import shlex
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from updater.ed25519 import KEY_BYTES
from updater.installing import take
from updater.release_file import ReleaseRefused
from updater.slots import Slots
from updater.trial import Times, ask, watch

RESTART = "systemctl --no-block restart kentongan-node.service"


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(prog="kentongan-update", description=__doc__)
    made.add_argument("command", choices=("begin", "take", "watch", "back", "status"))
    made.add_argument("--program", type=Path, default=Path("/opt/kentongan"), help="where the versions lie")
    made.add_argument("--inbox", type=Path, default=Path("/var/lib/kentongan/updates/next.release"))
    made.add_argument(
        "--key", type=Path, default=Path("/etc/kentongan/release.key"), help="public, in hexadecimal"
    )
    made.add_argument("--node", type=Path, default=Path("/var/lib/kentongan/node"))
    made.add_argument(
        "--site", default="http://127.0.0.1:8080", help="the public site (default: %(default)s)"
    )
    made.add_argument("--restart", default=RESTART, help="what starts the node anew (default: %(default)s)")
    made.add_argument("--hold", type=float, default=Times().hold_s, metavar="SECONDS")
    made.add_argument("--within", type=float, default=Times().within_s, metavar="SECONDS")
    made.add_argument("--every", type=float, default=Times().every_s, metavar="SECONDS")
    return made


def main(words: list[str] | None = None) -> int:
    """Run a command; return 0, or 1 with one line that says why not."""
    given = parser().parse_args(words)
    slots = Slots(given.program)
    try:
        return _run(given, slots)
    except (ReleaseRefused, OSError, subprocess.SubprocessError) as error:
        words_of = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        print(f"kentongan: {words_of}", file=sys.stderr)  # noqa: T201 - the log of the unit
        return 1


def _run(given: argparse.Namespace, slots: Slots) -> int:
    def restart() -> None:
        subprocess.run(shlex.split(given.restart), check=True)

    if given.command == "take":
        take(given.inbox, slots, _keys(given.key), machine=platform.machine())
        restart()
    elif given.command == "watch":
        times = Times(given.hold, given.within, given.every)
        watch(slots, lambda version: ask(given.site, given.node, version), restart, times)
    elif given.command == "begin":
        with slots.lock():
            slots.begin()
    elif given.command == "back":
        with slots.lock():
            slots.go_back()
        restart()
    print(json.dumps(asdict(slots.state())))  # noqa: T201 - what the command answers
    return 0


def _keys(path: Path) -> list[bytes]:
    """Return the public release keys of a file, one a line."""
    try:
        keys = [bytes.fromhex(line) for line in path.read_text("ascii").split()]
    except (OSError, ValueError) as error:
        raise ReleaseRefused("signature", f"{path} cannot be read: run the installer again") from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ReleaseRefused("signature", f"{path} holds no release key: this box takes no releases")
    return keys


if __name__ == "__main__":
    sys.exit(main())
