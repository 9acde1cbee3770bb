"""`kentongan hub user`: accounts of the hub's staff."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.account_services import AccountRefused, UnknownAccount
from hub.services import COMMAND_LINE, ROLES
from sync.command_line import note, print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_user_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def user() -> None:
        """Accounts of the hub's staff."""

    @user.command("add")
    @DIR
    @click.argument("name")
    @click.option("--role", required=True, type=click.Choice(list(ROLES)), help="What the account may do.")
    @click.option(
        "--password-file",
        required=True,
        type=click.File("r", encoding="utf-8"),
        help="The password is its first line; - is standard input.",
    )
    @click.option(
        "--area",
        "areas",
        multiple=True,
        metavar="CODE",
        help="See villages of this area alone (52, 52.02, ...); may be repeated. Default: the whole region.",
    )
    def add_user(folder: Path, name: str, role: str, password_file: Any, areas: tuple[str, ...]) -> None:
        """Make an account, or give it a new role, areas and password."""
        with open_store(folder) as store:
            try:
                store.accounts.add(name, role, password_file.readline().rstrip("\r\n"), areas)
            except AccountRefused as error:
                refuse(str(error))
            kept = store.accounts.areas_of(name)
        print_json({"role": role, "areas": list(kept)} if kept else {"role": role})

    @user.command("list")
    @DIR
    def list_users(folder: Path) -> None:
        """Print the accounts, one JSON line each."""
        with open_store(folder) as store:
            for row in store.administration.accounts():
                print_json(
                    {
                        "name": row.name,
                        "role": row.role,
                        "areas": list(row.areas),
                        "locked": row.locked,
                        "second_factor": row.second_factor,
                        "sessions": row.sessions,
                    }
                )

    @user.command("lock")
    @DIR
    @click.argument("name")
    @click.option("--unlock", is_flag=True, help="Open it again.")
    def lock_user(folder: Path, name: str, unlock: bool) -> None:
        """Lock an account and end its sessions."""
        with open_store(folder) as store, _refusing():
            store.administration.lock(name, not unlock, by=COMMAND_LINE)
        print_json({"locked": not unlock})

    @user.command("reset")
    @DIR
    @click.argument("name")
    def reset_user(folder: Path, name: str) -> None:
        """Unset password and second factor. Prints a one-time password."""
        with open_store(folder) as store, _refusing():
            code = store.administration.reset(name, by=COMMAND_LINE)
        print_json({"one_time_password": code})
        note("Give it to its owner in person or by phone. It must be changed at the first sign-in.")


class _refusing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trail: Any) -> None:
        if isinstance(error, UnknownAccount):
            refuse("no account has that name (see kentongan hub user list DIR)")
        if isinstance(error, AccountRefused):
            refuse(str(error))
