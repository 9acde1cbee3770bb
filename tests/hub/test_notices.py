"""A notice goes to its villages by every carrier, is signed, seen and told, and can be taken back."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.models import Down, Notice
from hub.notice_services import NoticeDraft, NoticeRefused, UnknownNotice
from sync.wire.notices import MAX_NOTICE_CHARACTERS, SignedNotice
from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind, SeenStep
from village_node.notices import UnknownNotice as UnknownHere
from village_node.wiring import Node

TEXT = "Waspada tawaran kerja di Kamboja. Jangan serahkan paspor. Telepon polisi: 110."


def draft(region: Region, **changes: object) -> NoticeDraft:
    made = NoticeDraft(
        kind=NoticeKind.BULLETIN,
        level=BulletinLevel.WARNING,
        public=True,
        until=region.hub.store.notices.today() + datetime.timedelta(days=10),
        text=TEXT,
        nodes=(1,),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def heard(region: Region, village: str = VILLAGE) -> Node:
    node = region.node(village)
    region.talk_by_radio(village, for_s=60)
    return node


def test_a_bulletin_goes_by_radio_is_acknowledged_and_the_hub_knows(region: Region) -> None:
    node = heard(region)
    notices = region.hub.store.notices
    serial = notices.write(draft(region), by="sari")
    assert notices.rows()[0].delivered == 0
    region.talk_by_radio(for_s=120)
    [shown] = node.notices.all()
    assert (shown.text, shown.level, shown.counts, shown.read) == (TEXT, BulletinLevel.WARNING, True, False)
    [village] = notices.view(serial).villages
    assert village.delivered
    assert village.read_at is None

    node.notices.seen(serial, SeenStep.READ)
    node.notices.seen(serial, SeenStep.ANNOUNCED)
    node.notices.seen(serial, SeenStep.ANNOUNCED)
    region.talk_by_radio(for_s=120)
    [village] = notices.view(serial).villages
    assert village.read_at == pytest.approx(region.clock.wall_s(), abs=300)
    assert village.announced_at is not None
    assert notices.rows()[0].seen == 1
    assert region.hub.store.intake.unreadable() == 0


def test_a_bulletin_of_usual_length_is_one_packet(region: Region) -> None:
    heard(region)
    assert region.hub.store.notices.packet_bytes(draft(region)) < 150


def test_each_village_gets_only_what_is_meant_for_it(region: Region) -> None:
    first, second = heard(region), heard(region, OTHER_VILLAGE)
    region.hub.store.notices.write(draft(region, nodes=(2,)), by="sari")
    region.settle()
    region.settle(OTHER_VILLAGE)
    assert (first.notices.all(), len(second.notices.all())) == ([], 1)


def test_a_notice_that_was_taken_back_is_gone_also_when_that_comes_first(region: Region) -> None:
    node = heard(region)
    notices = region.hub.store.notices
    serial = notices.write(draft(region), by="sari")
    notices.withdraw(serial, by="sari")
    notices.withdraw(serial, by="sari")
    rows = list(Notice.select().order_by(Notice.serial).execute(region.hub.store.database))
    assert [row.withdraws for row in rows] == [None, serial]
    for row in reversed(rows):
        node.notices.take(SignedNotice(bytes(row.signed)))
    [shown] = node.notices.all()
    assert (shown.withdrawn, shown.counts) == (True, False)
    assert node.notices.public(NoticeKind.BULLETIN) == []
    assert notices.rows()[0].withdrawn
    with pytest.raises(UnknownNotice):
        notices.withdraw(3, by="sari")


def test_a_notice_ends_with_its_day(region: Region) -> None:
    node = heard(region)
    region.hub.store.notices.write(draft(region), by="sari")
    region.settle()
    assert [n.text for n in node.notices.public(NoticeKind.BULLETIN)] == [TEXT]
    region.clock.advance(11 * 86_400)
    assert node.notices.public(NoticeKind.BULLETIN) == []
    assert node.notices.all()[0].ended


def test_what_another_key_signed_or_was_changed_on_the_card_is_not_shown(region: Region) -> None:
    from sync.sealing.signing import sign
    from sync.storage.database import connect
    from sync.wire.notices import Notice as WireNotice
    from sync.wire.notices import encode_notice
    from village_node.models import Notice as Kept

    node = heard(region)
    body = encode_notice(WireNotice(5, NoticeKind.BULLETIN, 1, True, 20_000, 30_000, "Semua aman."))
    node.notices.take(SignedNotice(sign(bytes(32), "bulletin", body)))
    hub_key = region.hub.store.identity.signing_private
    node.notices.take(SignedNotice(sign(hub_key, "setting", body)))
    assert node.notices.all() == []
    node.notices.take(SignedNotice(sign(hub_key, "bulletin", body)))
    assert len(node.notices.all()) == 1
    connect(node.store.database)
    Kept.update(signed=sign(bytes(32), "bulletin", body)).execute(node.store.database)
    node = region.restart_node()
    assert node.notices.all() == []
    with pytest.raises(UnknownHere):
        node.notices.seen(5, SeenStep.READ)


def test_the_first_under_a_serial_counts(region: Region) -> None:
    node = heard(region)
    region.hub.store.notices.write(draft(region), by="sari")
    region.settle()
    [down] = Down.select().where(Down.what == "notice").execute(region.hub.store.database)
    region.restart_hub()  # seals all again that was not delivered; what was stays
    region.restart_node()
    region.settle()
    assert len(region.node().notices.all()) == 1
    assert down.delivered_at is not None
    assert node is not region.node()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a" * (MAX_NOTICE_CHARACTERS + 1)}, "text"),
        ({"text": "Hubungi 0812-0000-4321."}, "text"),
        ({"text": "Hati-hati dengan +62 812 0000 4321"}, "text"),
        *(
            ({"text": f"Hubungi 0812{apart}0000{apart}4321."}, "text")
            for apart in ("\u2011", "\u2013", "\u2212", "\u00a0", "_", "*", "\u2022")
        ),
        *(
            ({"text": f"Hubungi {n}."}, "text")
            for n in ("08.12-00.00-43.21", "08.12.00.00.43.21", "081.200.004.321")
        ),
        ({"level": 9}, "level"),
        ({"kind": NoticeKind.WITHDRAWAL}, "level"),
        ({"nodes": ()}, "nodes"),
        ({"nodes": (1, 77)}, "nodes"),
        ({"until": datetime.date(2020, 1, 1)}, "until"),
        ({"until": datetime.date(2040, 1, 1)}, "until"),
    ],
)
def test_what_must_not_go_out_is_refused(region: Region, changes: dict[str, object], where: str) -> None:
    heard(region)
    with pytest.raises(NoticeRefused) as refused:
        region.hub.store.notices.write(draft(region, **changes), by="sari")
    assert refused.value.field == where
    assert region.hub.store.notices.rows() == []


@pytest.mark.parametrize(
    "text",
    [
        "Biaya resmi Rp 12.500.000 saja.",
        "Tanggal 26-11-2026 di balai desa.",
        "Tanggal 26\u201111\u20112026, pukul 08.00\u201312.00.",
        "Telepon 110 atau 129.",
    ],
)
def test_amounts_dates_and_numbers_of_help_may_stand_in_a_bulletin(region: Region, text: str) -> None:
    heard(region)
    region.hub.store.notices.write(draft(region, text=text), by="sari")


def test_an_opportunity_may_name_whom_to_ring(region: Region) -> None:
    heard(region)
    job = draft(region, kind=NoticeKind.OPPORTUNITY, level=OpportunityKind.JOB, text="BLK: 0370-0000-123")
    region.hub.store.notices.write(job, by="sari")
    region.settle()
    [shown] = region.node().notices.public(NoticeKind.OPPORTUNITY)
    assert shown.text == "BLK: 0370-0000-123"
    assert region.node().notices.public(NoticeKind.BULLETIN) == []
