"""Where the passphrase of hub.key comes from: a descriptor, a credential of systemd, or a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from sync.errors import EnrolmentRefused

CREDENTIAL = "hub-passphrase"
"""Name of the file in $CREDENTIALS_DIRECTORY (LoadCredential= or LoadCredentialEncrypted= of systemd)."""
LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1024
_MOST_BYTES = 4 * MOST_CHARACTERS
_DESCRIPTOR = "hub.passphrase.descriptor"
_ASKED = "hub.passphrase.asked"


class NotAHub(EnrolmentRefused):
    """The folder holds no hub, or its keys do not open; the text says what to do."""


class NoPassphrase(NotAHub):
    """A passphrase is needed, and nothing here gives one."""


def ask_passphrase() -> str:
    """Return the passphrase of hub.key; raise NoPassphrase. Asks once in a command."""
    context = click.get_current_context(silent=True)
    meta = {} if context is None else context.meta
    if _ASKED not in meta:
        meta[_ASKED] = _asked(meta.get(_DESCRIPTOR))
    return str(meta[_ASKED])


def _asked(descriptor: int | None) -> str:
    if descriptor is not None:
        return read_line(descriptor)
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    if credentials and (file := Path(credentials) / CREDENTIAL).exists():
        try:
            return _text(file.read_bytes()[:_MOST_BYTES].split(b"\n")[0])
        except OSError as error:
            raise NoPassphrase(f"the credential {CREDENTIAL} cannot be read ({error.strerror})") from error
    if sys.stdin.isatty():
        return _prompt("Passphrase of hub.key")
    raise NoPassphrase(
        f"hub.key is under a passphrase: give --passphrase-fd N, a credential {CREDENTIAL}, or use a terminal"
    )


def ask_new_passphrase(descriptor: int | None) -> str:
    """Return a passphrase to protect with, typed twice on a terminal; raise NoPassphrase."""
    if descriptor is not None:
        text = read_line(descriptor)
    elif sys.stdin.isatty():
        text = _prompt("New passphrase of hub.key")
        if _prompt("The same once more") != text:
            raise NoPassphrase("the two differ: nothing was changed")
    else:
        raise NoPassphrase("the new passphrase is read from a terminal, or from --new-passphrase-fd N")
    if not LEAST_CHARACTERS <= len(text) <= MOST_CHARACTERS:
        raise NoPassphrase(f"a passphrase has {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters")
    return text


def read_line(descriptor: int) -> str:
    """Return one line of an open descriptor and leave what follows to others; raise NoPassphrase."""
    line = bytearray()
    try:
        while len(line) < _MOST_BYTES and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
    except OSError as error:
        raise NoPassphrase(f"no passphrase comes from descriptor {descriptor} ({error.strerror})") from error
    return _text(bytes(line))


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8").removesuffix("\r")
    except UnicodeDecodeError:
        raise NoPassphrase("a passphrase is text in UTF-8") from None


def _prompt(text: str) -> str:
    return str(click.prompt(text, hide_input=True, err=True, default="", show_default=False))


def add_passphrase_option(group: click.Group) -> None:
    """Give --passphrase-fd to every command of the group, and of groups in it, that works on a folder."""
    for command in group.commands.values():
        if isinstance(command, click.Group):
            add_passphrase_option(command)
        elif command.name != "init" and any(param.name == "folder" for param in command.params):
            command.params.append(
                click.Option(
                    ["--passphrase-fd"],
                    type=click.IntRange(min=0),
                    metavar="N",
                    expose_value=False,
                    callback=_keep_descriptor,
                    help="Read the passphrase of hub.key, if it has one, from the open descriptor N.",
                )
            )


def _keep_descriptor(context: click.Context, _option: click.Parameter, descriptor: int | None) -> None:
    if descriptor is not None:
        context.meta[_DESCRIPTOR] = descriptor
