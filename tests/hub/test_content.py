"""Material goes from the hub to the villages by every carrier, each as it can, and what broke is known."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from village import OTHER_VILLAGE, VILLAGE, Region, quick_folder

from content.errors import PackRefused
from content.files import shipped_files
from content.packs import entries_of, pack
from hub import folder as hub_folder
from hub.content import AGAIN_AFTER_S, RADIO_IN_FLIGHT, RADIO_TURN_S
from hub.enrolling import enrol
from hub.models import Down, NodeContent
from hub.outgoing import CONTENT
from sync.wire.bundle_codec import decode_down_bundle, encode_down_bundle
from sync.wire.numbers import ContentTrouble
from village_node.wiring import Node

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
SHIPPED = dict(shipped_files())
LANGUAGE = "languages/id/language.toml"


def named(name: str, **more: bytes) -> dict[str, bytes]:
    text = SHIPPED[LANGUAGE].decode().replace("Bahasa Indonesia", name)
    return {**SHIPPED, LANGUAGE: text.encode(), **more}


def packed(version: int, files: dict[str, bytes] | None = None, held: tuple[str, ...] = ()) -> bytes:
    files = named(f"Versi {version}") if files is None else files
    day = datetime.date(2026, 11, 26)
    return pack(files, version=version, made_at=day, release_key=KEY, held=held)


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        hub_folder.create(region.hub_folder, name="Pusat", database_url=None, release_public=PUBLIC)
        yield region
        region.close()


def node_that_told(region: Region, village: str = VILLAGE) -> Node:
    """A node whose hub knows what it shows. Material is not tried here; its own tests do that."""
    node = region.node(village)
    node.store.material._trial = lambda folder: None
    node.material.tell()
    return node


def shown(node: Node) -> str:
    return node.store.material.catalogue().about.name


def told(region: Region) -> NodeContent:
    return NodeContent.select().get(region.hub.store.database)


def test_a_pack_goes_by_internet_and_the_hub_learns_of_it(region: Region) -> None:
    node = node_that_told(region)
    region.settle()
    region.hub.store.content.add(packed(3))
    region.exchange()
    node.material.settle()
    assert shown(node) == "Versi 3"
    region.exchange()
    assert (told(region).version, told(region).trouble) == (3, ContentTrouble.NONE)
    assert region.hub.store.content.next_pieces(1) == ()


def test_a_large_pack_goes_in_parts_and_a_part_that_is_lost_comes_again(region: Region) -> None:
    node = node_that_told(region)
    region.settle()
    import random

    large = {f"agencies/list{i}.csv": random.Random(i).randbytes(50_000) for i in range(4)}
    region.hub.store.content.add(packed(2, named("Versi 2", **large)))
    region.hub.desk.exchange(node.desk.up_bundle().data, via="http")  # the answer is lost
    for _ in range(7):
        region.exchange()
        node.material.settle()
    assert shown(node) == "Versi 2"


def test_one_courier_file_brings_each_update_once_to_many_villages(region: Region) -> None:
    for village in (VILLAGE, OTHER_VILLAGE):
        node_that_told(region, village)
        region.settle(village)
    region.hub.store.content.add(packed(2))
    data = region.hub.desk.courier_bundle([1, 2])
    sections = decode_down_bundle(data).nodes
    assert [bool(section.content) for section in sections] == [True, False]
    for village in (VILLAGE, OTHER_VILLAGE):
        node = region.node(village)
        assert node.desk.apply_down_bundle(data).content
        node.material.settle()
        assert shown(node) == "Versi 2"


def test_a_village_that_never_told_of_its_material_is_sent_none(region: Region) -> None:
    region.node()
    region.settle()
    region.hub.store.content.add(packed(2))
    assert region.hub.desk.courier_bundle([1]) == region.hub.desk.courier_bundle([1])
    assert not decode_down_bundle(region.hub.desk.courier_bundle([1])).nodes[0].content


def by_radio(region: Region, turns: int) -> None:
    for _ in range(turns):
        region.hub.store.content.turn()
        region.talk_by_radio(for_s=RADIO_TURN_S)
        region.hub.store.links.flush()


def test_a_small_update_goes_by_radio_piece_by_piece(region: Region) -> None:
    node = node_that_told(region)
    by_radio(region, 3)
    assert told(region).version == 0
    region.hub.store.content.add(packed(2))
    by_radio(region, 1)
    rows = Down.select().where(Down.what == CONTENT)
    assert rows.count(region.hub.store.database) == RADIO_IN_FLIGHT
    region.restart_node()
    node = node_that_told(region)
    region.restart_hub()
    by_radio(region, 6)
    node.material.settle()
    assert shown(node) == "Versi 2"
    by_radio(region, 1)
    assert told(region).version == 2


def test_nothing_of_it_goes_by_radio_while_anything_else_waits_or_there_is_internet(region: Region) -> None:
    node_that_told(region)
    filed = region.file()
    by_radio(region, 3)
    region.hub.store.content.add(packed(2))
    queued = Down.select().where(Down.what == CONTENT)
    region.hub.store.work.answer(str(filed.envelope_id), "Terima kasih", asks=False, by="sari")
    region.hub.store.content.turn()
    assert not queued.exists(region.hub.store.database)
    region.exchange()
    region.hub.store.links.flush()
    region.exchange()
    region.hub.store.content.turn()
    assert not queued.exists(region.hub.store.database)


def test_a_whole_pack_never_goes_by_radio(region: Region) -> None:
    node_that_told(region)
    by_radio(region, 3)
    import random

    region.hub.store.content.add(
        packed(2, named("x", **{"agencies/a.csv": random.Random(1).randbytes(9000)}))
    )
    region.hub.store.content.turn()
    assert not Down.select().where(Down.what == CONTENT).exists(region.hub.store.database)


def test_pieces_that_were_lost_after_they_arrived_come_again(region: Region) -> None:
    node = node_that_told(region)
    by_radio(region, 3)
    region.hub.store.content.add(packed(2))
    by_radio(region, 5)
    for file in (region.node_folder() / "content" / "pieces").iterdir():
        file.unlink()
    node.material.settle()
    by_radio(region, 2)
    assert shown(node) == "Bahasa Indonesia"
    region.clock.advance(AGAIN_AFTER_S + 1)
    by_radio(region, 8)
    node.material.settle()
    assert shown(node) == "Versi 2"


def test_a_forged_set_is_dropped_told_and_sent_anew(region: Region) -> None:
    node = node_that_told(region)
    region.settle()
    region.hub.store.content.add(packed(2))
    bundle = decode_down_bundle(region.hub.desk.courier_bundle([1]))
    [section] = bundle.nodes
    forged = tuple(dataclasses.replace(p, data=bytes(len(p.data))) for p in section.content)
    fake = encode_down_bundle(
        dataclasses.replace(bundle, nodes=(dataclasses.replace(section, content=forged),))
    )
    node.desk.apply_down_bundle(fake)
    node.material.settle()
    assert shown(node) == "Bahasa Indonesia"
    region.exchange()
    assert told(region).trouble == ContentTrouble.DAMAGED
    node.material.settle()
    assert shown(node) == "Versi 2"


def test_a_version_that_a_village_refused_or_left_is_not_sent_again(region: Region) -> None:
    node = node_that_told(region)
    region.settle()

    def refuse(folder: Path) -> None:
        raise PackRefused("the material cannot be used")

    node.store.material._trial = refuse
    region.hub.store.content.add(packed(2))
    region.exchange()
    node.material.settle()
    region.exchange()
    assert (told(region).version, told(region).trouble, told(region).of_version) == (
        0,
        ContentTrouble.REFUSED,
        2,
    )
    assert not region.hub.store.content.next_pieces(1)
    node.store.material._trial = lambda folder: None
    region.hub.store.content.add(packed(3))
    region.exchange()
    node.material.settle()
    assert shown(node) == "Versi 3"
    node.material.roll_back()
    region.settle()
    assert (told(region).version, told(region).trouble) == (0, ContentTrouble.BY_HAND)
    assert not region.hub.store.content.next_pieces(1)


def test_the_hub_keeps_whole_signed_packs_only(region: Region) -> None:
    content = region.hub.store.content
    content.add(packed(1))
    small = packed(2, held=tuple(entry.sha256 for entry in entries_of(named("Versi 1"))))
    assert content.add(small).version == 2
    strange = Ed25519PrivateKey.from_private_bytes(bytes(32))
    forged = pack(SHIPPED, version=9, made_at=datetime.date(2026, 11, 26), release_key=strange)
    for wrong in (packed(2), packed(1), forged, packed(3)[:-9]):
        with pytest.raises(PackRefused):
            content.add(wrong)
    newest = content.newest()
    assert newest is not None
    assert newest.version == 2


def test_the_hub_s_page_tells_who_shows_what(region: Region) -> None:
    node_that_told(region)
    region.settle()
    region.hub.store.content.add(packed(2))
    [row] = region.hub.store.content.villages()
    assert (row.village, row.version, row.on_its_way) == (VILLAGE, 0, True)


def test_a_box_that_was_replaced_is_sent_nothing(region: Region) -> None:
    node_that_told(region)
    by_radio(region, 3)
    region.hub.store.content.add(packed(2))
    assert region.hub.store.content.next_pieces(1)
    store = region.hub.store
    enrol(
        store.database,
        store.writer,
        store.identity,
        village=VILLAGE,
        village_name="Pringgarata",
        hub_url=None,
        now_s=region.clock.wall_s(),
        replace=True,
    )
    store.content.turn()
    assert not store.content.next_pieces(1)
    assert not Down.select().where(Down.what == CONTENT).exists(store.database)
