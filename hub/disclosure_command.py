"""`kentongan hub security-contact`: whom to tell of a weakness, kept by the hub for its security.txt."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
Refusing = Callable[[Path], AbstractContextManager[None]]


def add_disclosure_command(hub: click.Group, refusing: Refusing) -> None:
    """Put the command into the group; `refusing` turns what goes wrong into one line."""

    @hub.command("security-contact")
    @DIR
    @click.argument("contacts", metavar="[URI]...", nargs=-1)
    @click.option(
        "--expires",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="DAY",
        help="The last day on which they hold, such as 2027-06-30; default: always 180 days ahead.",
    )
    @click.option("--none", "nobody", is_flag=True, help="Name nobody: there is no security.txt then.")
    def security_contact(
        folder: Path, contacts: tuple[str, ...], expires: datetime.datetime | None, nobody: bool
    ) -> None:
        """Keep whom to tell of a weakness: mailto:, https: or tel:, the preferred one first.

        Without a URI it prints what is kept. A running hub publishes it at once, in
        /.well-known/security.txt, unless serve was given --security-contact.
        """
        from hub.disclosure import BadContact, Disclosure, expiry_day
        from hub.folder import disclosure_of, keep_disclosure
        from sync.clock import SystemClock

        if nobody and (contacts or expires):
            raise click.UsageError("--none stands alone")
        if expires is not None and not contacts:
            raise click.UsageError("--expires goes with the contacts that hold until then")
        now_s = SystemClock().wall_s()
        with refusing(folder):
            if contacts or nobody:
                try:
                    day = None if expires is None else expiry_day(expires.date(), now_s)
                    keep_disclosure(folder, Disclosure(contacts, day))
                except BadContact as bad:
                    refuse(str(bad))
            print_json(_shown(disclosure_of(folder), now_s))


def _shown(kept: Any, now_s: float) -> dict[str, Any]:
    return {
        "contacts": list(kept.contacts),
        "expires": None if kept.expires is None else kept.expires.isoformat(),
        "problem": kept.problem(now_s),
    }
