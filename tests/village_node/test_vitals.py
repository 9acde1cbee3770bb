"""What Linux tells of the machine is read, and what it does not tell is None."""

from __future__ import annotations

from pathlib import Path

from village_node.vitals import load_percent, memory_free_mib, temperature_c


def test_temperature_and_memory_are_read_or_none(tmp_path: Path) -> None:
    assert temperature_c(tmp_path) is None
    assert memory_free_mib(tmp_path) is None
    zone = tmp_path / "class/thermal/thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "temp").write_text("61234\n")
    (tmp_path / "meminfo").write_text("MemTotal: 500000 kB\nMemAvailable:   204800 kB\n")
    assert temperature_c(tmp_path) == 61
    assert memory_free_mib(tmp_path) == 200
    (zone / "temp").write_text("hot")
    (tmp_path / "meminfo").write_text("MemAvailable:")
    assert temperature_c(tmp_path) is None
    assert memory_free_mib(tmp_path) is None
    assert (load_percent() or 0) >= 0
