"""A PostgreSQL of our own for tests and benchmarks: a cluster in a folder, a Unix socket, no TCP.

A second one may follow the first as its streaming replica, and be promoted when the first is gone.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sync.clock import Clock, SystemClock

HOW_TO_INSTALL = "PostgreSQL is not installed: apt-get install postgresql"
_DEBIAN = Path("/usr/lib/postgresql")
_SUPERUSER = "kentongan"
_START_S = 60.0


class NoPostgres(Exception):
    """PostgreSQL's programs are not there or do not start; the text says what to do."""


def find_programs() -> Path:
    """Return the folder with initdb and postgres, the newest version first; raise NoPostgres."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: int(re.sub(r"\D", "", file.parts[-3]) or 0))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise NoPostgres(HOW_TO_INSTALL)
    return Path(elsewhere).resolve().parent


class PrivateServer:
    """A running cluster, gone with `close` or with this process. Nobody but this user reaches its socket."""

    def __init__(
        self, *, durable: bool = False, folder: Path | None = None, standby_of: PrivateServer | None = None
    ) -> None:
        """Start it; raise NoPostgres. `durable` waits for the disk at each commit, as a hub would.

        `standby_of`: it begins as a copy of that one, and follows it until it is promoted.
        """
        self._programs = find_programs()
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:  # initdb refuses to run as root
            other = _unprivileged()
            self._as = {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
        memory = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
        parent = folder or (memory if os.access(memory, os.W_OK) and not durable else None)
        self._folder = Path(tempfile.mkdtemp(prefix="kentongan-pg-", dir=parent))
        if self._as:
            os.chown(self._folder, self._as["user"], self._as["group"])
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Any = None
        try:
            self._start(durable, standby_of)
        except BaseException:  # whatever it is, it is told, and no server is left behind
            self.close()
            raise

    def _start(self, durable: bool, standby_of: PrivateServer | None) -> None:
        data, log = self._folder / "data", self._folder / "log"
        making: tuple[str, ...]
        if standby_of is None:
            making = ("initdb", "-D", str(data), "--no-sync", "-E", "UTF8", "--locale=C", "-A", "trust",
                      "-U", _SUPERUSER)  # fmt: skip
        else:
            making = ("pg_basebackup", "-D", str(data), "-h", str(standby_of._folder), "-U", _SUPERUSER,
                      "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf")  # fmt: skip
        made = self._run(*making)
        if made.returncode:
            raise NoPostgres(f"{making[0]} failed: {made.stderr.strip().splitlines()[-1:]}")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._folder),
            "shared_buffers": "64MB",
            "max_connections": "200",
            "autovacuum": "on" if durable else "off",
            "jit": "off",
        }
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                # It ends when whoever started it ends, in whatever way.
                [
                    "setpriv",
                    "--pdeathsig",
                    "QUIT",
                    str(self._programs / "postgres"),
                    "-D",
                    str(data),
                    *chosen,
                ],
                stdout=out,
                stderr=out,
                cwd=self._folder,
                **self._as,
            )
        clock: Clock = SystemClock(1.0)
        give_up = clock.monotonic_s() + _START_S
        while not (self._folder / ".s.PGSQL.5432").exists() or not self._answers():
            if self._process.poll() is not None or clock.monotonic_s() > give_up:
                raise NoPostgres("PostgreSQL did not start: " + log.read_text("utf-8", "replace")[-300:])
            clock.wait(threading.Event(), 0.02)

    def _answers(self) -> bool:
        return self._run("pg_isready", "-q", "-h", str(self._folder)).returncode == 0

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd=self._folder,
            check=False,
            **self._as,
        )

    def url(self, name: str, *, standby: PrivateServer | None = None) -> str:
        """Return the URL of one of its databases: on whichever of the two takes writes, if there are two."""
        url = f"postgresql://{_SUPERUSER}@/{name}?host={quote(str(self._folder), safe='')}"
        if standby is None:
            return url
        return f"{url},{quote(str(standby._folder), safe='')}&target_session_attrs=read-write"

    def wait_for_standby(self, patience_s: float = _START_S) -> None:
        """From now on confirm a commit only when one standby has it on its disk; raise NoPostgres."""
        self.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'")
        self.execute("SELECT pg_reload_conf()")
        clock: Clock = SystemClock(1.0)
        give_up = clock.monotonic_s() + patience_s
        while not self.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'quorum'"):
            if clock.monotonic_s() > give_up:
                raise NoPostgres("no standby follows")
            clock.wait(threading.Event(), 0.02)

    def promote(self) -> None:
        """Take writes from now on, with what came from the one that it followed; raise NoPostgres."""
        done = self._run("pg_ctl", "promote", "-w", "-D", str(self._folder / "data"))
        if done.returncode:
            raise NoPostgres(f"the standby was not promoted: {done.stderr.strip()}")

    def lose(self) -> None:
        """Be gone from one moment to the next, with everything on its disk."""
        self._end(signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)

    def create(self, name: str, *, template: str = "template0") -> str:
        """Make a database, as a copy of another if asked; return its URL."""
        # As files, as PostgreSQL 14 does: through the log, as later ones would, takes twice the time.
        [(version,)] = self.execute("SELECT current_setting('server_version_num')::integer")
        strategy = "STRATEGY FILE_COPY" if version >= 150_000 else ""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever uses it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser; return its rows, if it has any."""
        import psycopg

        if database != "postgres":
            with psycopg.connect(self.url(database), autocommit=True) as connection:
                return _rows(connection, statement)
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.url(database), autocommit=True)
        return _rows(self._connection, statement)

    def close(self) -> None:
        """Stop at once and remove everything."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    cursor = connection.execute(statement.encode())
    return list(cursor.fetchall()) if cursor.description else []


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody")
