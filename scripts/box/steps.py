"""What an installation consists of: each step knows whether it is done, does itself, and undoes itself.

A step speaks to a `Machine` only, so that the same list is shown (dry run), carried out, carried out again
without effect, and taken back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from box.machine import Failed, Machine

SECRET_FILE = "/run/kentongan-enrolment"
LENDING_FOLDER = "/var/lib/kentongan/lent"
"""On the card: a backup may be larger than the memory behind /run."""


class Step(Protocol):
    """One thing that must be so."""

    @property
    def says(self) -> str:
        """What it does, in a few words."""
        ...

    def done(self, machine: Machine) -> bool:
        """Return whether there is nothing to do."""
        ...

    def do(self, machine: Machine) -> None:
        """Make it so; raise `box.machine.Failed`."""
        ...

    def undo(self, machine: Machine) -> None:
        """Take it back; nothing where it was not done. Data of people's reports is never taken away."""
        ...


@dataclass(frozen=True)
class Packages:
    """Debian packages are installed. They stay at an uninstall: others may use them by now."""

    names: Sequence[str]

    @property
    def says(self) -> str:
        return f"Debian packages: {' '.join(self.names)}"

    def done(self, machine: Machine) -> bool:
        return not machine.missing_packages(self.names)

    def do(self, machine: Machine) -> None:
        machine.install_packages(machine.missing_packages(self.names))

    def undo(self, machine: Machine) -> None:
        pass


@dataclass(frozen=True)
class SystemUser:
    """An account without a password, a shell or a home to write in beside its folder of state."""

    name: str
    home: str

    @property
    def says(self) -> str:
        return f"account {self.name}"

    def done(self, machine: Machine) -> bool:
        return machine.has_user(self.name)

    def do(self, machine: Machine) -> None:
        machine.run(
            ["useradd", "--system", "--user-group", "--home-dir", self.home, "--shell", "/usr/sbin/nologin"]
            + [self.name]
        )

    def undo(self, machine: Machine) -> None:
        """The account stays while its reports do: their owner must not become a number."""


@dataclass(frozen=True)
class Folder:
    """A folder with a mode and an owner."""

    path: str
    mode: int = 0o755
    owner: str = "root"

    @property
    def says(self) -> str:
        return f"folder {self.path}"

    def done(self, machine: Machine) -> bool:
        return machine.has_folder(self.path, self.mode, self.owner)

    def do(self, machine: Machine) -> None:
        machine.make_folder(self.path, self.mode, self.owner)

    def undo(self, machine: Machine) -> None:
        machine.remove_empty_folder(self.path)


@dataclass(frozen=True, repr=False)
class File:
    """A file with this text, written whole or not at all. What stood there before is kept beside it once."""

    path: str
    text: str
    mode: int = 0o644
    owner: str = "root"

    @property
    def says(self) -> str:
        return f"file {self.path}"

    def done(self, machine: Machine) -> bool:
        return machine.has_file(self.path, self.text, self.mode, self.owner)

    def do(self, machine: Machine) -> None:
        machine.write_file(self.path, self.text, self.mode, self.owner)

    def undo(self, machine: Machine) -> None:
        machine.remove_own_file(self.path)


@dataclass(frozen=True)
class Line:
    """A file of the board's own that must contain a line, such as the firmware's configuration."""

    path: str
    line: str

    @property
    def says(self) -> str:
        return f"line {self.line!r} in {self.path}"

    def done(self, machine: Machine) -> bool:
        return self.line in machine.lines(self.path)

    def do(self, machine: Machine) -> None:
        machine.add_line(self.path, self.line)

    def undo(self, machine: Machine) -> None:
        machine.remove_line(self.path, self.line)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")) if version.replace(".", "").isdecimal() else ()


@dataclass(frozen=True)
class ReleaseKey:
    """The public key of releases, out of the box's enrolment, where the box's account cannot change it."""

    enrolment: str
    path: str

    @property
    def says(self) -> str:
        return f"the key that signs releases, into {self.path}"

    def _text(self, machine: Machine) -> str | None:
        at = machine.at(self.enrolment)
        if not at.is_file():
            return None
        public = json.loads(at.read_text("utf-8")).get("release_public")
        return f"{public}\n" if isinstance(public, str) else ""

    def done(self, machine: Machine) -> bool:
        try:
            text = self._text(machine)
        except (OSError, ValueError):  # a look without rights
            return machine.exists(self.path)
        return text is not None and machine.has_file(self.path, text, 0o644, "root")

    def do(self, machine: Machine) -> None:
        machine.write_file(self.path, self._text(machine) or "", 0o644, "root")

    def undo(self, machine: Machine) -> None:
        machine.remove_file(self.path)


@dataclass(frozen=True)
class Program:
    """Kentongan in a virtual environment of its own, out of wheels alone; the version before stays beside it.

    `wheels`: a folder of wheels, then no network is needed; empty: what `source` needs comes from the package
    index.
    """

    source: str
    wheels: str
    version: str

    @property
    def says(self) -> str:
        return f"Kentongan {self.version} into /opt/kentongan/{self.version}"

    def done(self, machine: Machine) -> bool:
        linked = machine.link_target("/opt/kentongan/venv")
        # A signed update may have brought a newer one: an older installer does not take that away.
        is_there = linked == self.version or _numbers(linked) > _numbers(self.version)
        return is_there and machine.has_folder(f"/opt/kentongan/{linked}", None, None)

    def do(self, machine: Machine) -> None:
        machine.make_environment(f"/opt/kentongan/{self.version}", self.source, self.wheels)
        machine.set_link("/opt/kentongan/venv", self.version)
        machine.remove_file(
            "/opt/kentongan/update.json"
        )  # the updater begins with what was installed by hand

    def undo(self, machine: Machine) -> None:
        machine.remove_tree("/opt/kentongan")


@dataclass(frozen=True)
class Enabled:
    """A unit starts with the machine; now, too, where the machine runs. One that is not `ours` keeps starting
    after an uninstall: Debian's own may have done so before."""

    unit: str
    starts: bool = True
    ours: bool = False

    @property
    def says(self) -> str:
        return f"unit {self.unit}"

    def done(self, machine: Machine) -> bool:
        return machine.is_enabled(self.unit)

    def do(self, machine: Machine) -> None:
        machine.enable(self.unit, starts=self.starts)

    def undo(self, machine: Machine) -> None:
        if self.ours:
            machine.disable(self.unit)


@dataclass(frozen=True)
class Masked:
    """A unit that must never start."""

    unit: str

    @property
    def says(self) -> str:
        return f"no {self.unit}"

    def done(self, machine: Machine) -> bool:
        return machine.link_target(f"/etc/systemd/system/{self.unit}") == "/dev/null"

    def do(self, machine: Machine) -> None:
        machine.mask(self.unit)

    def undo(self, machine: Machine) -> None:
        machine.unmask(self.unit)


@dataclass(frozen=True)
class Unmasked:
    """A unit that Debian's package masks until somebody has configured it."""

    unit: str

    @property
    def says(self) -> str:
        return f"{self.unit} may start"

    def done(self, machine: Machine) -> bool:
        return machine.link_target(f"/etc/systemd/system/{self.unit}") != "/dev/null"

    def do(self, machine: Machine) -> None:
        machine.unmask(self.unit)

    def undo(self, machine: Machine) -> None:
        """It may go on: without its configuration it does not start."""


@dataclass(frozen=True)
class Mounted:
    """A folder is a partition of its own before anything is written into it: `unit` mounts it.

    What was in the folder before would be hidden, keys and reports among it, so there must be nothing.
    """

    path: str
    unit: str

    @property
    def says(self) -> str:
        return f"{self.path} on a partition of its own"

    def done(self, machine: Machine) -> bool:
        return machine.is_mounted(self.path)

    def do(self, machine: Machine) -> None:
        if machine.holds_something(self.path):
            raise Failed("something is in it already: move it onto the partition, and begin again")
        if not machine.runs:
            raise Failed("mount the card's own partition there first, below the root that is given")
        machine.run(["systemctl", "daemon-reload"])
        machine.run(["systemctl", "start", self.unit])
        # In a changed root, such as overlayroot-chroot's, systemctl does nothing and says that all is well.
        if not machine.is_mounted(self.path):
            raise Failed(
                "it was not mounted; for overlayroot-chroot, before it: "
                f"sudo mount --bind {self.path} /media/root-ro{self.path}"
            )

    def undo(self, machine: Machine) -> None:
        """It stays mounted until the next start: reports are in it."""


@dataclass(frozen=True, repr=False)
class Once:
    """A command that makes a file, run as the program's account where that file is not there yet.

    `secret` is handed to the command in a file of memory that only the account reads; "@secret@" among the
    words stands for it. `lent` is a file of this machine that the account may not be able to read, such as
    one on a stick, and that another root does not hold: "@lent@" stands for a copy that the command gets.
    What it says goes to the terminal: a code to note down. `makes` stays at an uninstall: it is the box's
    keys and its reports.
    """

    command: Sequence[str]
    makes: str
    what: str
    secret: str | bytes = ""
    lent: str = ""

    @property
    def says(self) -> str:
        return self.what

    def done(self, machine: Machine) -> bool:
        return machine.exists(self.makes)

    def do(self, machine: Machine) -> None:
        copy = f"{LENDING_FOLDER}/{Path(self.lent).name}"
        given = {"@secret@": SECRET_FILE, "@lent@": copy}
        words = [given.get(word, word) for word in self.command]
        try:
            if self.secret:
                machine.write_file(SECRET_FILE, self.secret, 0o400, "kentongan")
            if self.lent:
                machine.copy_file(self.lent, copy, 0o400, "kentongan")
            machine.run(["runuser", "-u", "kentongan", "--", *words], shows=True)
        finally:
            if self.secret:
                machine.remove_file(SECRET_FILE)
            if self.lent:
                machine.remove_file(copy)
                machine.remove_empty_folder(LENDING_FOLDER)

    def undo(self, machine: Machine) -> None:
        pass


@dataclass(frozen=True)
class Database:
    """A database of PostgreSQL on this machine, which belongs to the account of the same name."""

    name: str

    @property
    def says(self) -> str:
        return f"database {self.name}"

    def _asked(self, machine: Machine, question: str) -> bool:
        asked = ["runuser", "-u", "postgres", "--", "psql", "-Atc", question]
        try:
            return machine.run(asked).strip() == "1"
        except Failed:
            return False

    def done(self, machine: Machine) -> bool:
        return self._asked(machine, f"select 1 from pg_database where datname = '{self.name}'")

    def do(self, machine: Machine) -> None:
        if not self._asked(machine, f"select 1 from pg_roles where rolname = '{self.name}'"):
            machine.run(["runuser", "-u", "postgres", "--", "createuser", self.name])
        machine.run(["runuser", "-u", "postgres", "--", "createdb", "--owner", self.name, self.name])

    def undo(self, machine: Machine) -> None:
        """It stays: reports are in it."""
