"""`kentongan hub key drill`: prove on a scratch folder that a backup and the keys bring the hub back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from hub.folder import HubBusy, ServingLock
from hub.key_share_commands import SHARES, read_shares
from sync.command_line import note, print_json

Refusing = Callable[[Path], AbstractContextManager[None]]
_SAMPLE = 20
_PREFIX = "drill-"


def add_drill_command(key: click.Group, refusing: Refusing) -> None:
    """Put the command into the group; `refusing` turns what goes wrong into one line."""

    @key.command()
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
    @click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
    @click.option(
        "--keys",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The file of keys. Default: as for hub restore.",
    )
    @SHARES
    @click.option("--typed", is_flag=True, help="Take hub.key out of shares that are typed.")
    @click.option(
        "--scratch",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where a folder for the drill is made, and removed after it. Default: in DIR.",
    )
    @click.option(
        "--sample", default=_SAMPLE, show_default=True, type=click.IntRange(min=1), help="Reports to open."
    )
    def drill(
        folder: Path,
        backup: Path,
        keys: Path | None,
        files: tuple[Path, ...],
        typed: bool,
        scratch: Path | None,
        sample: int,
    ) -> None:
        """Restore BACKUP (a copy, or a folder of which the newest is taken) beside the hub, and try it.

        hub.key comes from DIR, which asks for its passphrase, or from shares. Reports are opened and counted,
        none is shown. A practice village shows that what a copy lacks comes again. The hub may go on serving.
        """
        from hub import folder as hub_folder
        from hub.drill import Drill
        from hub.retention.key_copies import find_keys
        from sync.clock import SystemClock

        with refusing(folder), ExitStack() as stack:
            copy = newest_copy(backup)
            paper = bool(files) or typed
            secret = read_shares(files) if paper else hub_folder.load(folder).secrets
            place = stack.enter_context(_scratch(scratch or folder))
            new_database = stack.enter_context(_databases(copy, place))
            done = Drill(place, secret, new_database=new_database, clock=SystemClock()).run(
                copy, keys or find_keys(copy), sample=sample
            )
        print_json({"backup": copy.name, "hub.key": "shares" if paper else "DIR", **done.to_json()})
        note(
            "This backup and these keys bring the hub back, and villages bring what it lacks."
            if done.opened
            else "The backup holds no report: it restores, but nothing shows whether the keys are its hub's."
        )


def newest_copy(backup: Path) -> Path:
    """Return the copy itself, or the newest nightly one of a folder; raise CopyFailed."""
    from hub.storage.copies import CopyFailed

    if not backup.is_dir():
        return backup
    found = sorted((*backup.glob("hub-*.sqlite3"), *backup.glob("hub-*.dump")), key=lambda file: file.stem)
    if not found:
        raise CopyFailed(
            f"no copy is in {backup}: give a file that hub backup wrote, or a folder of nightly ones"
        )
    return found[-1]


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    _remove_left_behind(parent)
    place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    lock = ServingLock(place)
    try:
        yield Path(tempfile.mkdtemp(dir=place))
    finally:
        shutil.rmtree(place, ignore_errors=True)
        lock.release()


def _remove_left_behind(parent: Path) -> None:
    """Remove what a killed drill left: a restored hub with its keys. One that runs holds its lock."""
    for place in parent.glob(f"{_PREFIX}*"):
        try:
            ServingLock(place).release()
        except (HubBusy, NotADirectoryError):
            continue
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _databases(copy: Path, place: Path) -> Iterator[Callable[[], str]]:
    """Give what makes empty databases of the copy's kind: files, or ones of a PostgreSQL of our own."""
    from hub.storage.copies import CopyFailed, is_dump

    made: list[str] = []

    def name() -> str:
        made.append(f"drill{len(made)}")
        return made[-1]

    if not is_dump(copy):
        yield lambda: f"sqlite:///{place / name()}.sqlite3"
        return
    from hub.storage.private_server import NoPostgres, PrivateServer

    try:
        server: Any = PrivateServer()
    except NoPostgres as error:
        raise CopyFailed(str(error)) from error
    try:
        yield lambda: server.create(name())
    finally:
        server.close()
