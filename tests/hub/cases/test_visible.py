"""An account of an area sees the cases of its area, and nobody else's."""

from __future__ import annotations

import pytest
from inbox_arrivals import SARI, arrive
from village import OTHER_VILLAGE, Region

from hub.cases.case_services import UnknownCase
from hub.cases.cases import Cases
from hub.services import SignedIn


@pytest.fixture
def cases(region: Region) -> Cases:
    return region.hub.store.cases


def test_reports_of_other_areas_are_counted_and_not_shown(region: Region, cases: Cases) -> None:
    [here] = arrive(region, "di sini")
    [there] = arrive(region, "di sana", village=OTHER_VILLAGE)
    both, one = cases.open("A", who=SARI), cases.open("B", who=SARI)
    cases.add_reports(both, [there], who=SARI)
    cases.add_reports(one, [here], who=SARI)
    local = SignedIn("wati", "analyst")
    object.__setattr__(local, "areas", ("53",))
    assert [row.number for row in cases.rows("open", before=None, limit=9, who=local)[0]] == [both]
    with pytest.raises(UnknownCase):
        cases.view(one, who=local)
    assert cases.add_reports(both, [here], who=local).refused == {here: "Tidak ada laporan ini."}
    cases.take_out(one, here, "pindah", who=SARI)
    cases.add_reports(both, [here], who=SARI)
    view = cases.view(both, who=local)
    assert [row.report.id for row in view.reports] == [there]
    assert view.elsewhere == 1
