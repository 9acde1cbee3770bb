"""Steps do what they say once, change nothing the second time, and are taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from box.carrying_out import carry_out, show, take_back
from box.machine import Failed, Machine
from box.steps import Enabled, File, Folder, Line, Masked, Mounted, Once, Packages, Step, Unmasked

OURS = "# Written by Kentongan's installer.\nlebar = 1\n"


def tree(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() or path.is_symlink()
    }


def steps() -> list[Step]:
    return [
        File("/etc/contoh.conf", OURS, 0o640),
        Line("/boot/firmware/config.txt", "dtoverlay=i2c-rtc,ds3231"),
        Masked("swap.target"),
    ]


def test_they_are_done_once_and_taken_back_whole(machine_root: Path) -> None:
    (machine_root / "etc/contoh.conf").write_text("punya orang lain\n")
    before, machine, said = tree(machine_root), Machine(str(machine_root)), list[str]()
    assert show(steps(), machine, said.append) == 3
    assert tree(machine_root) == before, "a dry run changes nothing"
    assert carry_out(steps(), machine, said.append) == 3
    file = machine_root / "etc/contoh.conf"
    assert (file.read_text(), file.stat().st_mode & 0o777) == (OURS, 0o640)
    assert (
        machine_root / "boot/firmware/config.txt"
    ).read_text() == "arm_64bit=1\ndtoverlay=i2c-rtc,ds3231\n"
    assert carry_out(steps(), machine, said.append) == 0
    newer = [File("/etc/contoh.conf", f"{OURS}panjang = 2\n", 0o640), *steps()[1:]]
    assert carry_out(newer, machine, said.append) == 1
    take_back(newer, machine, said.append)
    assert tree(machine_root) == before, "and what another had written is back"


def test_a_step_that_fails_says_which_and_the_next_run_goes_on(machine_root: Path) -> None:
    machine, said = Machine(str(machine_root)), list[str]()
    broken = [*steps()[:1], Line("/boot/overlays/none/config.txt", "a=1"), *steps()[2:]]
    with pytest.raises(Failed, match=r"^line 'a=1' in /boot/overlays/none/config.txt: there is no folder"):
        carry_out(broken, machine, said.append)
    assert (machine_root / "etc/contoh.conf").exists()
    assert not (machine_root / "etc/systemd").exists()
    assert carry_out(steps(), machine, said.append) == 2


def test_what_is_there_is_seen_without_running_anything(machine_root: Path) -> None:
    machine = Machine(str(machine_root))
    status = machine_root / "var/lib/dpkg/status"
    status.write_text(
        "Package: nftables\nStatus: install ok installed\n\n"
        "Package: lame\nStatus: deinstall ok config-files\n"
    )
    assert machine.missing_packages(["nftables", "lame", "hostapd"]) == ["lame", "hostapd"]
    assert Packages(["nftables"]).done(machine)
    wants = machine_root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    assert not Enabled("contoh.service").done(machine)
    (wants / "contoh.service").symlink_to("/nowhere/contoh.service")
    assert Enabled("contoh.service").done(machine), "a link of another root leads nowhere here"
    folder = Folder("/var/lib/contoh", 0o700, "kentongan")
    assert not folder.done(machine)
    folder.do(machine)
    assert folder.done(machine)
    (machine_root / "var/lib/contoh").chmod(0o755)
    assert not folder.done(machine)


def test_another_ones_file_is_never_taken_away(machine_root: Path) -> None:
    (machine_root / "etc/contoh.conf").write_text("punya orang lain\n")
    before, machine = tree(machine_root), Machine(str(machine_root))
    take_back(steps(), machine, list[str]().append)
    assert tree(machine_root) == before


def test_keys_are_written_only_where_the_partition_is(machine_root: Path) -> None:
    machine, step = Machine(str(machine_root)), Mounted("/var/lib/kentongan", "var-lib-kentongan.mount")
    with pytest.raises(Failed, match="mount the card's own partition"):
        carry_out([step], machine, list[str]().append)
    (machine_root / "var/lib/kentongan/node").mkdir(parents=True)
    with pytest.raises(Failed, match="something is in it already"):
        carry_out([step], machine, list[str]().append)
    assert Mounted("/proc", "proc.mount").done(Machine())


def test_a_start_that_mounts_nothing_is_seen(machine_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in overlayroot-chroot, where systemctl ignores what it is asked and ends well."""
    machine = Machine(str(machine_root))
    monkeypatch.setattr(machine, "runs", True)
    monkeypatch.setattr(machine, "run", list[list[str]]().append)
    step = Mounted("/opt/kentongan", "opt-kentongan.mount")
    with pytest.raises(Failed, match="mount --bind /opt/kentongan /media/root-ro/opt/kentongan"):
        carry_out([step], machine, list[str]().append)


def test_a_unit_that_a_package_masks_may_start(machine_root: Path) -> None:
    machine, step = Machine(str(machine_root)), Unmasked("hostapd.service")
    assert step.done(machine)
    machine.mask("hostapd.service")
    assert not step.done(machine)
    step.do(machine)
    assert step.done(machine)


def test_nothing_of_a_secret_stands_in_what_is_shown(machine_root: Path) -> None:
    step = File("/etc/rahasia.conf", "psk=kuka-mipa-lana\n", 0o600)
    assert "kuka" not in repr(step) + step.says


def test_a_backup_that_root_alone_reads_is_lent_to_the_account_and_taken_back(
    machine_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    backup = tmp_path_factory.mktemp("stick") / "kentongan-7-000001.backup"
    backup.write_text("isi")
    backup.chmod(0o600)
    seen = []

    class Ending(Machine):
        def run(self, command: Sequence[str], *, shows: bool = False) -> str:
            copy = self.at(command[-1])
            seen.append((copy.name, copy.read_text(), copy.stat().st_mode & 0o777))
            raise Failed("it is damaged")

    before = tree(machine_root)
    with pytest.raises(Failed, match="damaged"):
        Once(["restore", "--from", "@lent@"], "/made", "keys", lent=str(backup)).do(Ending(str(machine_root)))
    assert seen == [("kentongan-7-000001.backup", "isi", 0o400)]
    assert tree(machine_root) == before
    assert backup.read_text() == "isi"


def test_filling_a_card_starts_no_service_on_the_machine_that_fills_it(machine_root: Path) -> None:
    said = []

    class Looking(Machine):
        def run(self, command: Sequence[str], *, shows: bool = False) -> str:
            policy = self.at("/usr/sbin/policy-rc.d")
            said.append((policy.read_text().split()[-1], policy.stat().st_mode & 0o111))
            return ""

    before = tree(machine_root)
    Looking(str(machine_root)).install_packages(["dnsmasq"])
    assert said == [("101", 0o111)] * 2
    assert tree(machine_root) == before
