"""The ways to tell somebody away from the wall: e-mail by a configured server, or a configured command.

Neither is told anything about people: a text that is always the same, and a count.
"""

from __future__ import annotations

import json
import os
import signal
import smtplib
import ssl
import subprocess
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final, Literal

from sync.storage.private_files import write_private

WAYS_FILE: Final = "duty.json"
PASSWORD_FILE: Final = "duty-mail.password"  # noqa: S105 - the name of a file
MAIL, HOOK, WALL = "mail", "hook", "wall"
TIMEOUT_S: Final = 20
Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = ("starttls", "tls", "none")
SUBJECT: Final = "Kentongan: laporan mendesak"


class WayFailed(Exception):
    """A message did not go out; the text says why, without address or text."""


class WayRefused(ValueError):
    """Settings of a way that cannot be used; the text says what is allowed."""


@dataclass(frozen=True)
class MailServer:
    """Where e-mail goes. `user` empty: no sign-in. `ca_file`: certificates to trust beside the machine's."""

    server: str
    port: int
    security: Security
    sender: str
    user: str = ""
    ca_file: str = ""


@dataclass(frozen=True, repr=False)
class Ways:
    """What is configured; None: not."""

    mail: MailServer | None = None
    password: str = ""
    hook: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the ways that can be used."""
        return ((MAIL,) if self.mail else ()) + ((HOOK,) if self.hook else ())


def ring_text(count: int) -> str:
    """Return all that a message says."""
    return f"Laporan mendesak baru di pusat, buka kotak masuk. Jumlah: {count}."


def load_ways(folder: Path) -> Ways:
    """Read what is configured; raise WayFailed when it cannot be read."""
    try:
        found = _read(folder)
        mail = None if found.get("mail") is None else MailServer(**found["mail"])
        password = ""
        if mail is not None and mail.user:
            password = (folder / PASSWORD_FILE).read_text("utf-8").rstrip("\r\n")
        return Ways(mail, password, tuple(map(str, found.get("hook") or ())))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise WayFailed(
            f"{WAYS_FILE} or {PASSWORD_FILE} cannot be read ({type(error).__name__}): "
            "set it again with kentongan hub duty mail or hook"
        ) from error


def keep_mail(folder: Path, mail: MailServer | None, password: str) -> None:
    """Keep where e-mail goes, or that it goes nowhere; raise WayRefused."""
    if mail is not None:
        if mail.security not in SECURITIES or not 0 < mail.port < 65_536:
            raise WayRefused("the port is 1 to 65535, and the security starttls, tls or none")
        if mail.security == "none" and mail.server not in ("127.0.0.1", "::1", "localhost"):
            raise WayRefused(
                "without encryption only a server of this machine is allowed: use starttls or tls"
            )
        if not mail.sender.isascii() or "@" not in mail.sender or any(c.isspace() for c in mail.sender):
            raise WayRefused("the sender is an e-mail address")
    write_private(folder / PASSWORD_FILE, password + "\n")
    _write(folder, mail=None if mail is None else asdict(mail))


def keep_hook(folder: Path, command: tuple[str, ...]) -> None:
    """Keep the command that tells somebody, or none; raise WayRefused for one that is no program."""
    if command and not (Path(command[0]).is_absolute() and os.access(command[0], os.X_OK)):
        raise WayRefused("the command begins with the whole path of a program that may be run")
    _write(folder, hook=list(command))


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / WAYS_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _write(folder: Path, **changed: Any) -> None:
    write_private(folder / WAYS_FILE, json.dumps({**_read(folder), **changed}, indent=1) + "\n")


def send(ways: Ways, way: str, to: str, count: int, now: float) -> None:
    """Tell somebody by one way; raise WayFailed."""
    if way == MAIL and ways.mail is not None:
        send_mail(ways.mail, ways.password, to, count, now)
    elif way == HOOK and ways.hook:
        run_hook(ways.hook, to, count)
    else:
        raise WayFailed("this way is not configured: kentongan hub duty mail, or duty hook")


def send_mail(mail: MailServer, password: str, to: str, count: int, now: float) -> None:
    """Hand one e-mail about urgent reports to the server; raise WayFailed."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, to, SUBJECT
    message["Date"] = formatdate(now)
    message.set_content(ring_text(count) + "\n")
    hand_over(mail, password, message)


def hand_over(mail: MailServer, password: str, message: EmailMessage) -> None:
    """Hand a whole message to the server; raise WayFailed."""
    try:
        with _connected(mail) as server:
            if mail.user:
                server.login(mail.user, password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise WayFailed("the mail server refuses user and password") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise WayFailed("the mail server refuses the address") from error
    except ssl.SSLError as error:
        raise WayFailed("the mail server's certificate or encryption is not accepted") from error
    except TimeoutError as error:
        raise WayFailed(f"the mail server did not answer within {TIMEOUT_S} s") from error
    # ValueError: an address that no message takes.
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise WayFailed(f"the mail server did not take it ({type(error).__name__})") from error


def _connected(mail: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if mail.ca_file:
        trusted.load_verify_locations(mail.ca_file)
    # Named like this in greetings: the machine's own name is nobody's business, and asking for it may hang.
    own_name = "[127.0.0.1]"
    if mail.security == "tls":
        return smtplib.SMTP_SSL(mail.server, mail.port, own_name, timeout=TIMEOUT_S, context=trusted)
    server = smtplib.SMTP(mail.server, mail.port, own_name, timeout=TIMEOUT_S)
    if mail.security == "starttls":
        try:
            server.starttls(context=trusted)
        except BaseException:  # whatever it is, it is told, and no connection is left open
            server.close()
            raise
    return server


def run_hook(command: tuple[str, ...], number: str, count: int, *, timeout_s: float = TIMEOUT_S) -> None:
    """Run the command with the number behind its arguments and the text on its input; raise WayFailed.

    No shell, nothing of the hub's environment (it may hold the database's password), nothing of what the
    command prints. It and all that it started are killed when the time is over.
    """
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    quiet = subprocess.DEVNULL
    try:
        running = subprocess.Popen(  # the administrator's own command, no shell
            [*command, number],
            stdin=subprocess.PIPE,
            stdout=quiet,
            stderr=quiet,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise WayFailed(f"the command does not start ({type(error).__name__})") from error
    try:
        running.communicate(ring_text(count).encode(), timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        raise WayFailed(f"the command took more than {timeout_s:g} s") from error
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        if running.stdin is not None:
            running.stdin.close()
    if running.returncode:
        raise WayFailed(f"the command ended with {running.returncode}")
