"""Doors: one for each village, without a box, and none that anything outside can speak for."""

from __future__ import annotations

import pytest
from phone import KETUT
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.doctor import node_lines
from hub.models import Down, Epoch, Node
from hub.openrosa.doors import NO_TAG, Doors
from hub.village_links import VillageLinks
from sync.identifiers import Lane
from sync.storage.database import connect
from sync.wire.frame_codec import EpochBlock


def doors_of(region: Region, folder_key: bytes | None = None) -> Doors:
    store = region.hub.store
    return Doors(
        store.database,
        store.writer,
        store.keyring,
        hub_public=store.identity.static.public,
        folder_key=folder_key or store.identity.session_secret,
    )


def test_a_village_has_one_door_that_shows_nowhere_as_a_box(region: Region) -> None:
    region.create_node()
    doors = doors_of(region)
    number = doors.of_village(VILLAGE)
    assert doors.of_village(VILLAGE) == number == doors_of(region).of_village(VILLAGE)
    with pytest.raises(LookupError):
        doors.of_village(OTHER_VILLAGE)
    store = region.hub.store
    links = VillageLinks(store.database, store.links, store.clock, radio=None, duty_cycle=1.0)
    part = links.villages(who=KETUT, area="", first=0, limit=50)
    assert number not in [row.node for row in part.rows]
    assert number not in [line["node"] for line in node_lines(store)]
    assert number not in store.keyring.bound_nodes()


def test_a_village_whose_box_is_replaced_keeps_its_door(region: Region) -> None:
    region.create_node()
    number = doors_of(region).of_village(VILLAGE)
    connect(region.hub.store.database)
    Node.update(retired=True).where(Node.number == 1).execute(region.hub.store.database)
    assert doors_of(region).of_village(VILLAGE) == number


def test_both_ends_of_an_epoch_fit_and_no_frame_is_tried_against_it(region: Region) -> None:
    region.create_node()
    store, doors = region.hub.store, doors_of(region)
    sealing, opening = doors.open(doors.of_village(VILLAGE))
    store.writer.run(lambda: doors.keep(opening, 5.0, 9.0))
    sealed = sealing.seal(Lane.REPORT, b"cerita")
    again = store.keyring.by_id(sealing.id)
    assert again is not None
    assert again.opening.open(Lane.REPORT, 0, sealed.ciphertext).plain == b"cerita"
    assert list(store.keyring.by_tag(sealing.id[0])) == []
    row = Epoch.select().where(Epoch.id == sealing.id).get(store.database)
    assert (row.tag, row.start_earliest, row.start_latest) == (NO_TAG, 5.0, 5.0)


def test_nothing_from_outside_speaks_for_a_door(region: Region) -> None:
    region.create_node()
    doors = doors_of(region)
    number = doors.of_village(VILLAGE)
    sealing, _ = doors.open(number)
    assert region.hub.store.keyring.learn(EpochBlock(number, sealing.enc, None, None)) is None


def test_nothing_is_queued_for_a_door(region: Region) -> None:
    region.create_node()
    number = doors_of(region).of_village(VILLAGE)
    store = region.hub.store
    assert store.outgoing.queue_backup_mark(bytes(8), Lane.REPORT, 1, number)
    assert Down.select().where(Down.node == number).count(store.database) == 0


def test_another_secret_of_the_folder_makes_another_door(region: Region) -> None:
    region.create_node()
    number = doors_of(region).of_village(VILLAGE)
    assert doors_of(region, bytes(32)).of_village(VILLAGE) != number
