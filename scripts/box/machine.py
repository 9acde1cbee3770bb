"""A Debian machine as an installation sees it: this one, or a root folder that does not run (an image in the
making, a test). The only module that touches anything."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

LOCK = "requirements.lock"
"""Names each package of others with the hashes of its files."""
OWN = "Written by Kentongan's installer"
"""Stands in each file of the installer's own: nobody else's is ever taken away."""
KEPT = ".before-kentongan"
"""What stood in a file's place is kept under its name and this, and comes back at an uninstall."""


class Failed(Exception):
    """A step could not be done; the text says which command and what to do."""


class Machine:
    """`root` is "/" for this machine. Paths are those that the machine itself will see."""

    def __init__(self, root: str = "/") -> None:
        self.root = Path(root)
        self.runs = self.root == Path("/") and Path("/run/systemd/system").is_dir()
        """Whether systemd runs on it, so that units can be started now."""

    def need_rights(self) -> None:
        """Raise `Failed` where this account may not change this machine."""
        if self.root == Path("/") and os.geteuid() != 0:
            raise Failed("only root may do that: write sudo before the command")

    def at(self, path: str) -> Path:
        """Return where a path of the machine lies for us."""
        return self.root / path.lstrip("/")

    # -- commands ---------------------------------------------------------------------------------

    def run(self, command: Sequence[str], *, shows: bool = False) -> str:
        """Run a command on the machine and return its output; raise `Failed` with its last line.

        `shows`: its output is for the person (a code to note down) and goes to the terminal alone.
        """
        whole = list(command) if self.root == Path("/") else ["chroot", str(self.root), *command]
        own = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        try:
            ended = subprocess.run(
                whole, text=True, stdout=None if shows else subprocess.PIPE, stderr=subprocess.PIPE, env=own
            )
        except OSError as error:
            raise Failed(f"{command[0]} does not start: {error.strerror}") from error
        if ended.returncode:
            last = (ended.stderr or "").strip().splitlines()[-1:] or ["no word why"]
            raise Failed(f"{command[0]} failed: {last[0]}")
        return ended.stdout or ""

    # -- packages and accounts --------------------------------------------------------------------

    def missing_packages(self, names: Sequence[str]) -> list[str]:
        """Return which Debian packages are not installed."""
        status = self.at("/var/lib/dpkg/status")
        installed = set()
        name = ""
        for line in status.read_text("utf-8").splitlines() if status.exists() else ():
            if line.startswith("Package: "):
                name = line[9:]
            elif line == "Status: install ok installed":
                installed.add(name)
        return [name for name in names if name not in installed]

    def install_packages(self, names: Sequence[str]) -> None:
        """Install Debian packages, without what they only recommend. In another root none of their services
        starts: it would run on the machine that fills the card."""
        policy = self.at("/usr/sbin/policy-rc.d")
        forbids = self.root != Path("/") and not policy.exists()
        try:
            if forbids:
                policy.parent.mkdir(parents=True, exist_ok=True)
                policy.write_text("#!/bin/sh\nexit 101\n", "utf-8")
                policy.chmod(0o755)
            self.run(["apt-get", "-qq", "update"])
            self.run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *names])
        finally:
            if forbids:
                policy.unlink(missing_ok=True)

    def has_user(self, name: str) -> bool:
        """Return whether an account exists."""
        return name in self._users()

    def _users(self) -> dict[str, tuple[int, int]]:
        passwd = self.at("/etc/passwd")
        rows = [line.split(":") for line in passwd.read_text("utf-8").splitlines()] if passwd.exists() else []
        return {row[0]: (int(row[2]), int(row[3])) for row in rows if len(row) > 3}

    def _ids(self, owner: str) -> tuple[int, int]:
        if owner == "root":
            return 0, 0
        if owner not in self._users():
            raise Failed(f"there is no account {owner} yet")
        return self._users()[owner]

    # -- files ------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Return whether something stands there."""
        return self.at(path).exists()

    def has_folder(self, path: str, mode: int | None, owner: str | None) -> bool:
        """Return whether a folder is there, with its mode and owner where they are given."""
        at = self.at(path)
        if not at.is_dir():
            return False
        found = at.stat()
        right_mode = mode is None or found.st_mode & 0o7777 == mode
        return right_mode and (owner is None or self._owned(found, owner))

    def _owned(self, found: os.stat_result, owner: str) -> bool:
        if os.geteuid() != 0:  # a look without rights: a dry run by anybody
            return True
        return owner in {"root", *self._users()} and (found.st_uid, found.st_gid) == self._ids(owner)

    def make_folder(self, path: str, mode: int, owner: str) -> None:
        """Make a folder with this mode and owner, and those above it."""
        at = self.at(path)
        at.mkdir(parents=True, exist_ok=True)
        os.chown(at, *self._ids(owner))
        at.chmod(mode)

    def knows_wpa3(self, wlan: str) -> bool:
        """Return whether the chip of a Wi-Fi lets hostapd speak SAE; False where there is no chip to ask."""
        if not self.runs:
            return False
        try:
            phy = self.at(f"/sys/class/net/{wlan}/phy80211/name").read_text("utf-8").strip()
            return "Device supports SAE with AUTHENTICATE command" in self.run(["iw", "phy", phy, "info"])
        except (OSError, Failed):
            return False

    def is_mounted(self, path: str) -> bool:
        """Return whether a folder is on a disk of its own."""
        # A folder of the same disk that is mounted there has the same device: only the kernel's list tells.
        mounts = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
        where = str(self.at(path).resolve()).replace(" ", "\\040")
        return any(line.split()[4] == where for line in mounts)

    def holds_something(self, path: str) -> bool:
        """Return whether anything is in a folder."""
        at = self.at(path)
        return at.is_dir() and any(at.iterdir())

    def writes_to_memory(self) -> bool:
        """Return whether what is written to the system is gone at its next start, as with overlayroot."""
        for line in self.lines("/proc/self/mounts") if self.root == Path("/") else ():
            words = line.split()
            if words[1] == "/" and words[2] in {"overlay", "tmpfs"}:
                return "upperdir=/media/root-rw" in words[3]
        return False

    def remove_empty_folder(self, path: str) -> None:
        """Take a folder away if nothing is in it and it is no partition of its own."""
        at = self.at(path)
        if at.is_dir() and not any(at.iterdir()) and not self.is_mounted(path):
            at.rmdir()

    def has_file(self, path: str, text: str, mode: int, owner: str) -> bool:
        """Return whether a file has this text, mode and owner."""
        at = self.at(path)
        if at.is_symlink() or not at.is_file():
            return False
        found = at.stat()
        if found.st_mode & 0o7777 != mode or not self._owned(found, owner):
            return False
        return os.access(at, os.R_OK) and at.read_text("utf-8") == text

    def write_file(self, path: str, content: str | bytes, mode: int, owner: str) -> None:
        """Write a file whole or not at all; what another had put there is kept beside it."""
        at = self.at(path)
        at.parent.mkdir(parents=True, exist_ok=True)
        before = at.with_name(at.name + KEPT)
        theirs = at.exists() and not self._is_own(at)
        if theirs and not before.exists():
            shutil.copy2(at, before)
        draft = at.with_name(f".{at.name}.kentongan")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fchown(file.fileno(), *self._ids(owner))
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.rename(at)

    def copy_file(self, source: str, path: str, mode: int, owner: str) -> None:
        """Copy a file of the machine that runs this, perhaps a large one of a stick, for `owner`."""
        at = self.at(path)
        self.make_folder(str(Path(path).parent), 0o700, owner)
        at.unlink(missing_ok=True)
        descriptor = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file, Path(source).open("rb") as read:
            os.fchown(file.fileno(), *self._ids(owner))
            shutil.copyfileobj(read, file, 1 << 20)

    def is_own(self, path: str) -> bool:
        """Return whether a file was written by the installer."""
        return self._is_own(self.at(path))

    def _is_own(self, at: Path) -> bool:
        return OWN in at.read_text("utf-8", errors="replace")

    def remove_file(self, path: str) -> None:
        """Take a file away."""
        self.at(path).unlink(missing_ok=True)

    def remove_own_file(self, path: str) -> None:
        """Take a file of the installer's away; what stood there before comes back. Another's file stays."""
        at = self.at(path)
        before = at.with_name(at.name + KEPT)
        if not at.exists() or not self._is_own(at):
            return
        at.unlink()
        if before.exists():
            before.rename(at)

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file; none where there is none."""
        at = self.at(path)
        return at.read_text("utf-8").splitlines() if at.is_file() else []

    def add_line(self, path: str, line: str) -> None:
        """Put a line at the end of a file."""
        self._rewrite(path, [*self.lines(path), line])

    def remove_line(self, path: str, line: str) -> None:
        """Take a line out of a file."""
        if line in self.lines(path):
            self._rewrite(path, [one for one in self.lines(path) if one != line])

    def _rewrite(self, path: str, lines: Sequence[str]) -> None:
        at = self.at(path)
        if not at.parent.is_dir():
            raise Failed(f"there is no folder {Path(path).parent}: this board keeps its settings elsewhere")
        draft = at.with_name(f".{at.name}.kentongan")
        draft.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        if at.exists():
            shutil.copymode(at, draft)
        draft.rename(at)

    def link_target(self, path: str) -> str:
        """Return what a link leads to, empty for none."""
        at = self.at(path)
        return str(at.readlink()) if at.is_symlink() else ""

    def set_link(self, path: str, target: str) -> None:
        """Let a link lead elsewhere, at once: there is no moment without it."""
        at = self.at(path)
        draft = at.with_name(f".{at.name}.kentongan")
        draft.unlink(missing_ok=True)
        draft.symlink_to(target)
        draft.rename(at)

    def remove_tree(self, path: str) -> None:
        """Take a folder away with all that is in it; one that is a partition of its own is emptied."""
        if self.is_mounted(path):
            for part in self.at(path).iterdir():
                if part.is_dir() and not part.is_symlink():
                    shutil.rmtree(part)
                else:
                    part.unlink()
        elif self.at(path).is_dir():
            shutil.rmtree(self.at(path))

    # -- the program ------------------------------------------------------------------------------

    def make_environment(self, path: str, source: str, wheels: str) -> None:
        """Make a virtual environment with Kentongan in it, out of wheels alone. What others wrote is exactly
        what `LOCK` of `source` names, file by file."""
        if self.root != Path("/") and not wheels:
            raise Failed("another root folder is filled from a bundle alone: give --from")
        if not (Path(source) / LOCK).is_file():
            raise Failed(
                f"there is no {LOCK} beside the installer: take the whole release, or the whole bundle"
            )
        self.remove_tree(path)
        self.run(["python3", "-m", "venv", path])
        if self.root != Path("/"):  # what the machine in that folder can see
            staged = "/var/cache/kentongan-wheels"
            self.remove_tree(staged)
            shutil.copytree(wheels, self.at(staged))
            shutil.copy(Path(source) / LOCK, self.at(staged) / LOCK)
            try:
                self._install(path, f"{staged}/{LOCK}", "kentongan", ["--no-index", "--find-links", staged])
            finally:
                self.remove_tree(staged)
            return
        where = ["--no-index", "--find-links", wheels] if wheels else []
        self._install(path, f"{source}/{LOCK}", "kentongan" if wheels else source, where)

    def _install(self, path: str, lock: str, own: str, where: Sequence[str]) -> None:
        pip = [f"{path}/bin/pip", "install", "--quiet", "--disable-pip-version-check", *where]
        self.run([*pip, "--only-binary=:all:", "--require-hashes", "-r", lock])
        # Ours has no hash that could be known before; what builds it is locked as well.
        self.run([*pip, "--no-deps", "--no-build-isolation", own])

    # -- units ------------------------------------------------------------------------------------

    def is_enabled(self, unit: str) -> bool:
        """Return whether a unit starts with the machine."""
        # Links of another root lead nowhere here: that they are there is enough.
        return any(os.path.lexists(wants / unit) for wants in self.at("/etc/systemd/system").glob("*.wants"))

    def enable(self, unit: str, *, starts: bool) -> None:
        """Let a unit start with the machine, and now where the machine runs."""
        self.run(["systemctl", "--quiet", "enable", unit])
        if self.runs and starts:
            self.run(["systemctl", "daemon-reload"])
            self.run(["systemctl", "restart", unit])

    def disable(self, unit: str) -> None:
        """Let a unit start no more, and stop it where the machine runs."""
        if self.is_enabled(unit):
            self.run(["systemctl", "--quiet", "disable", *(["--now"] if self.runs else []), unit])

    def mask(self, unit: str) -> None:
        """Let a unit never start."""
        self.at("/etc/systemd/system").mkdir(parents=True, exist_ok=True)
        self.set_link(f"/etc/systemd/system/{unit}", "/dev/null")
        if unit.endswith(".service"):
            self._asked("stop", unit)

    def try_restart(self, unit: str) -> None:
        """Let a unit that runs read its files anew."""
        self._asked("try-restart", unit)

    def _asked(self, what: str, unit: str) -> None:
        if self.runs:
            with contextlib.suppress(Failed):  # it is not installed
                self.run(["systemctl", what, unit])

    def unmask(self, unit: str) -> None:
        """Take that back."""
        if self.link_target(f"/etc/systemd/system/{unit}") == "/dev/null":
            self.at(f"/etc/systemd/system/{unit}").unlink()
