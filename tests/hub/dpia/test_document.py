"""The sections follow the configuration."""

from __future__ import annotations

from hub.dpia.document import sections_of
from hub.dpia.kept import TABLES
from hub.dpia.rendering import as_markdown
from hub.retention.breach_notice import UNVERIFIED
from hub.retention.periods import Periods

ROUTES = [("/masa-simpan (GET)", frozenset({"supervisor"})), ("/sign-in (GET)", frozenset({"everybody"}))]


def text(periods: Periods, tables: dict[str, tuple[str, ...]] | None = None) -> str:
    found = {"report": ("id", "body")} if tables is None else tables
    sections = sections_of(
        date="Senin, 1 Februari 2027",
        periods=periods,
        demand_second_factor=("administrator",),
        tables=found,
        routes=ROUTES,
    )
    return as_markdown("Judul", sections)


def test_it_says_periods_roles_and_what_is_not_verified() -> None:
    shown = text(Periods(discarded_days=77))
    assert "Laporan disisihkan: 77 hari" in shown
    assert "setelah disetujui penyelia atau administrator" in shown
    assert "tanpa persetujuan orang" in text(Periods(automatic=True))
    assert "| /masa-simpan (GET) | penyelia |" in shown
    assert "| /sign-in (GET) | siapa saja |" in shown
    assert "wajib untuk: administrator." in shown
    assert shown.count(UNVERIFIED) >= 6
    assert "tests/hub/retention/test_forgetting.py::test_no_file_of_the_hub_holds_its_words" in shown


def test_a_table_that_nobody_described_is_not_left_out() -> None:
    shown = text(Periods(), {"report": ("id",), "baru": ("x",)})
    assert "| report |" in shown
    assert "| baru | belum dijelaskan |" in shown
    assert TABLES["report"].what in shown
