"""`kentongan hub duty`: how people on duty are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hub import folder as hub_folder
from hub.duty.ways import (
    HOOK,
    MAIL,
    SECURITIES,
    MailServer,
    Security,
    WayFailed,
    WayRefused,
    keep_hook,
    keep_mail,
    load_ways,
    send,
)
from sync.clock import SystemClock
from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


def add_duty_commands(hub: click.Group) -> None:
    """Put the commands into the group."""

    @hub.group()
    def duty() -> None:
        """How people on duty are told of an urgent report; who and when: the page /piket."""

    _add_mail(duty)
    _add_hook(duty)
    _add_try(duty)


def _add_mail(duty: click.Group) -> None:
    @duty.command("mail")
    @DIR
    @click.option(
        "--server", default="", help="Name of the mail server; without it no e-mail is sent any more."
    )
    @click.option("--port", default=587, show_default=True, type=int)
    @click.option("--security", default="starttls", show_default=True, type=click.Choice(list(SECURITIES)))
    @click.option("--sender", default="", metavar="ADDRESS", help="From whom it comes.")
    @click.option("--user", default="", help="Who signs in at the server; without it nobody does.")
    @click.option(
        "--password-file",
        type=click.File("r", encoding="utf-8"),
        help="The password is its first line; - is standard input.",
    )
    @click.option(
        "--ca-file", default="", metavar="FILE", help="Certificates to trust beside those of this machine."
    )
    def mail(
        folder: Path,
        server: str,
        port: int,
        security: Security,
        sender: str,
        user: str,
        password_file: Any,
        ca_file: str,
    ) -> None:
        """Send e-mail through this server."""
        _a_hub(folder)
        if bool(user) != (password_file is not None):
            refuse("--user and --password-file go together")
        if ca_file and not Path(ca_file).is_file():
            refuse("--ca-file names no file")
        whole = str(Path(ca_file).resolve()) if ca_file else ""
        password = "" if password_file is None else password_file.readline().rstrip("\r\n")
        settings = MailServer(server, port, security, sender, user, whole) if server else None
        try:
            keep_mail(folder, settings, password)
        except (WayRefused, WayFailed) as error:
            refuse(str(error))
        print_json({"mail": bool(server)})


def _add_hook(duty: click.Group) -> None:
    @duty.command("hook", context_settings={"ignore_unknown_options": True})
    @DIR
    @click.argument("command", nargs=-1, type=click.UNPROCESSED)
    def hook(folder: Path, command: tuple[str, ...]) -> None:
        """Run this COMMAND, its whole path first, to tell somebody.

        It finds the text on its input and the phone number as its last argument. Without a COMMAND none is
        run any more.
        """
        _a_hub(folder)
        try:
            keep_hook(folder, command)
        except (WayRefused, WayFailed) as error:
            refuse(str(error))
        print_json({"hook": bool(command)})


def _add_try(duty: click.Group) -> None:
    @duty.command("try")
    @DIR
    @click.option("--mail", "address", default="", metavar="ADDRESS")
    @click.option("--phone", default="", metavar="NUMBER")
    def try_it(folder: Path, address: str, phone: str) -> None:
        """Send the text of a ring, with a count of 0, to see whether it arrives."""
        _a_hub(folder)
        told = []
        try:
            ways = load_ways(folder)
            for way, to in ((MAIL, address), (HOOK, phone)):
                if to:
                    send(ways, way, to, 0, SystemClock().wall_s())
                    told.append(way)
        except WayFailed as error:
            refuse(str(error))
        print_json({"sent": told})


def _a_hub(folder: Path) -> None:
    try:
        hub_folder.check(folder)
    except hub_folder.NotAHub as error:
        refuse(str(error))
