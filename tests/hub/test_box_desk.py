from __future__ import annotations

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.box_services import NewBox, NotEnrolled
from hub.models import Node
from hub.services import SignedIn, UnknownVillage


def test_nobody_touches_a_box_of_another_area(region: Region) -> None:
    region.file()
    desk, elsewhere = region.hub.store.boxes, SignedIn("budi", "administrator", (OTHER_VILLAGE[:5],))
    assert not OTHER_VILLAGE.startswith(VILLAGE[:5])
    for act in (
        lambda: desk.box(1, who=elsewhere),
        lambda: desk.mark_compared(1, "1" * 20, who=elsewhere),
        lambda: desk.shut_out(1, "Dicuri", who=elsewhere),
    ):
        with pytest.raises(UnknownVillage):
            act()
    with pytest.raises(NotEnrolled, match="code"):
        desk.enrol(NewBox(VILLAGE, "", "", 30, True), who=elsewhere)
    assert Node.select().where(~Node.retired).count(region.hub.store.database) == 1
