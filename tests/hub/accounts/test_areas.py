"""Which villages an account sees: the predicate and the condition say the same."""

from __future__ import annotations

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.account_services import AccountRefused
from hub.accounts.areas import check_areas, may_see, sees
from hub.models import Node
from hub.services import SignedIn


def account(*areas: str) -> SignedIn:
    return SignedIn("sari", "analyst", areas)


AREAS = [
    *((), (VILLAGE,), (VILLAGE[:2],), (VILLAGE[:5],), (VILLAGE[:8],)),
    *(("11",), ("11", VILLAGE[:5]), (OTHER_VILLAGE,)),
]


@pytest.mark.parametrize("areas", AREAS)
def test_the_condition_is_the_predicate(region: Region, areas: tuple[str, ...]) -> None:
    region.node()
    region.node(OTHER_VILLAGE)
    database = region.hub.store.database
    who = account(*areas)
    for one in (who, "command line"):
        found = {row.village for row in Node.select().where(sees(one, Node.village)).execute(database)}
        assert found == {village for village in (VILLAGE, OTHER_VILLAGE) if may_see(one, village)}


def test_an_area_is_a_level_and_not_a_prefix_of_digits() -> None:
    assert may_see(account("52.02"), "52.02.08.2001")
    assert may_see(account("52.02.08.2001"), "52.02.08.2001")
    assert not may_see(account("52.02.08.200"), "52.02.08.2001")
    assert not may_see(account("5"), "52.02.08.2001")
    assert not may_see(account("52.02"), "52.021.08.2001")


def test_areas_are_sorted_and_those_below_others_left_out() -> None:
    assert check_areas(["52.02.08", "53", "52.02", "53.18", "52.02"]) == ("52.02", "53")
    for wrong in ("", "5", "52.", "xx", "52.02.08.2001.1", "99", "52 02", "%"):
        with pytest.raises(AccountRefused, match="Kemendagri code"):
            check_areas([wrong])
