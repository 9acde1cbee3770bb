"""Tables of weights: what a refitted one keeps of the first, and which one holds."""

from __future__ import annotations

import pytest
from village import Region

from hub.risk.tables import WeightTables, refitted
from hub.risk.weights import FIRST


def test_a_refitted_table_changes_points_alone() -> None:
    table = refitted("2027-03-01-r1", "2027-03-01", {"no_contract": 4, "child": 9}, 312)
    assert table.signs["no_contract"].points == 4
    assert table.signs["no_contract"].source.endswith("refitted, 312 labels")
    # A child is a rule, never points; what was not refitted keeps its points.
    assert table.signs["child"] == FIRST.signs["child"]
    assert table.signs["violence"].points == FIRST.signs["violence"].points
    assert (table.medium_from, table.high_from) == (FIRST.medium_from, FIRST.high_from)
    assert all(table.signs[sign].why == one.why for sign, one in FIRST.signs.items())


@pytest.mark.parametrize("database_url", [None])
def test_until_somebody_switches_the_first_table_holds(region: Region) -> None:
    tables = WeightTables(region.hub.store.database)
    assert tables.current() is FIRST
    assert tables.challenger() is None
    with pytest.raises(KeyError):
        tables.of("2031-01-01-r9")
