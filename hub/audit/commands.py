"""`kentongan hub audit`: export the log of accesses, check an export, prove one entry."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from hub.services import COMMAND_LINE
from sync.command_line import note, print_json, refuse, refuse_what_is_there

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
FILE = click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_audit_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def audit() -> None:
        """The log of every access: export, check, prove."""

    _add_export(audit, open_store)
    _add_head_and_prove(audit, open_store)
    _add_verify(audit)


def _add_export(audit: click.Group, open_store: OpenStore) -> None:

    @audit.command("export")
    @DIR
    @FILE
    @click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day (UTC). Default: all.")
    @click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day (UTC). Default: all.")
    def export(folder: Path, file: Path, first: datetime | None, last: datetime | None) -> None:
        """Sign the log and write it, or some days of it, into FILE with all that proves it."""
        from hub.audit.exporting import export_lines
        from sync.storage.private_files import write_private

        refuse_what_is_there(file, "an export")
        with open_store(folder) as store:
            log = store.audit
            log.note(COMMAND_LINE, "log exported", "log entries")
            start = 0 if first is None else log.first_at(_ms(first))
            end = None if last is None else log.first_at(_ms(last + timedelta(days=1)))
            lines = list(export_lines(log, start, end))
            try:
                write_private(file, "".join(lines))
            except OSError as error:
                refuse(f"the export was not written ({error.strerror}): give FILE in a folder that is there")
            print_json({"file": str(file), "size": log.size(), "public_key": log.public.hex()})


def _add_head_and_prove(audit: click.Group, open_store: OpenStore) -> None:
    @audit.command("head")
    @DIR
    def head(folder: Path) -> None:
        """Sign the log and print its head as one line, for somebody outside this office to keep."""
        from hub.audit.exporting import head_line

        with open_store(folder) as store:
            click.echo(head_line(store.audit), nl=False)
        note(
            "Give this line to somebody outside: with it a cut or rewritten log shows (audit verify --head)."
        )

    @audit.command("prove")
    @DIR
    @click.argument("number", metavar="ENTRY", type=click.IntRange(min=0))
    def prove(folder: Path, number: int) -> None:
        """Print entry number ENTRY with the proof that it stands in the log, and nothing of any other."""
        from hub.audit.exporting import proof_line
        from hub.audit.log import UnknownEntry

        with open_store(folder) as store:
            try:
                store.audit.entry(number)
            except UnknownEntry:
                refuse("the log has no entry of that number")
            store.audit.note(COMMAND_LINE, "entry proven", f"log {number}")
            click.echo(proof_line(store.audit, number), nl=False)


def _add_verify(audit: click.Group) -> None:
    @audit.command("verify")
    @FILE
    @click.option(
        "--head",
        "older",
        metavar="OLDER_FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A head or an export of before: the log must go on from it.",
    )
    @click.option(
        "--key", metavar="PUBLIC", help="The hub's public key as you know it, 64 hexadecimal digits."
    )
    def verify(file: Path, older: Path | None, key: str | None) -> None:
        """Check an export, or a proof of one entry, with nothing but FILE. Exit 1 when it does not hold."""
        from hub.audit.verifying import NotProven, head_from_lines, verify_lines

        public = _public(key)
        try:
            before = None
            if older is not None:
                with _opened(older) as lines:
                    before, signer = head_from_lines(lines, public=public)
                public = public or signer
            with _opened(file) as lines:
                proven = verify_lines(lines, older=before, public=public)
        except NotProven as problem:
            refuse(str(problem))
        except OSError as error:
            refuse(f"a file cannot be read ({error.strerror})")
        except UnicodeDecodeError:
            refuse("a file is not text in UTF-8")
        print_json(
            {
                "holds": True,
                "entries": proven.entries,
                "size": proven.size,
                "root": proven.root.hex(),
                "heads": proven.heads,
                "signed_at": datetime.fromtimestamp(proven.at_s, UTC).isoformat(),
                "public_key": proven.public.hex(),
            }
        )
        if public is None:
            note("The key is the file's own: compare it with the hub's, or give --key or --head.")


def _opened(path: Path) -> Any:
    return path.open(encoding="utf-8")


def _ms(day: datetime) -> int:
    return int(day.replace(tzinfo=UTC).timestamp() * 1000)


def _public(key: str | None) -> bytes | None:
    if key is None:
        return None
    try:
        public = bytes.fromhex(key)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise click.BadParameter("64 hexadecimal digits", param_hint="--key")
    return public
