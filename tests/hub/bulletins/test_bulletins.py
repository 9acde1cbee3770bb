"""A bulletin is written by one, approved by another, sent to its area, updated, cancelled, and ends."""

from __future__ import annotations

import bisect
import datetime
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
import xmlschema
from cap_schema import cap_schema
from inbox_arrivals import arrive
from linked_reports import LinkedReports
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.bulletins.bulletins import Bulletins
from hub.bulletins.checking import PACKET_BYTES
from hub.bulletins.models import BulletinAlert
from hub.bulletins.services import BulletinDraft, BulletinRefused, BulletinView, UnknownBulletin
from hub.notice_services import NoticeDraft
from hub.services import SignedIn
from sync.airtime import CHANNEL_PAYLOAD_LIMIT
from sync.link.events import OutgoingFrame
from sync.wire.numbers import NoticeKind, SeenStep

SARI = SignedIn("sari", "analyst")
BUDI = SignedIn("budi", "supervisor")
RATNA = SignedIn("ratna", "supervisor")
DEWI = SignedIn("dewi", "supervisor", ("52.02",))
LOMBOK = SignedIn("lombok", "supervisor", ("52.02",))
TEXT = "Waspada tawaran kerja yang menyuruh berangkat cepat. Polisi: 110."


def draft(region: Region, **changes: object) -> BulletinDraft:
    until = region.hub.store.bulletins.today() + datetime.timedelta(days=10)
    made = BulletinDraft("Actual", "offer", 2, "Likely", VILLAGE, until, True, TEXT)
    return replace(made, **changes)  # type: ignore[arg-type]


def service(region: Region) -> Bulletins:
    return region.hub.store.bulletins


def view(region: Region, number: int, who: SignedIn = RATNA) -> BulletinView:
    return service(region).view(number, who=who, first=0, limit=10)


def waiting(region: Region, **changes: object) -> int:
    number = service(region).save(None, draft(region, **changes), who=BUDI)
    service(region).submit(number, who=BUDI)
    return number


def sent(region: Region, **changes: object) -> int:
    number = waiting(region, **changes)
    service(region).approve(number, view(region, number).seen, who=RATNA)
    return number


def shown(region: Region, village: str = VILLAGE) -> list[str]:
    region.settle(village)
    return [notice.text for notice in region.node(village).notices.public(NoticeKind.BULLETIN)]


@pytest.fixture
def heard(region: Region) -> Region:
    for village in (VILLAGE, OTHER_VILLAGE):
        region.node(village)
        region.settle(village)
    return region


def test_nobody_approves_their_own_bulletin_and_only_what_was_read(heard: Region) -> None:
    number = waiting(heard)
    seen = view(heard, number).seen
    with pytest.raises(BulletinRefused, match="tidak boleh menyetujuinya"):
        service(heard).approve(number, seen, who=BUDI)
    assert not view(heard, number, BUDI).may_decide
    service(heard).take_back(number, who=BUDI)
    service(heard).save(number, draft(heard, text="Semua aman."), who=BUDI)
    service(heard).submit(number, who=BUDI)
    with pytest.raises(BulletinRefused, match="berubah sejak dibaca"):
        service(heard).approve(number, seen, who=RATNA)
    assert shown(heard) == []
    entries = [kept.entry for kept in heard.hub.store.audit.entries()]
    assert "bulletin approved" not in [entry.what for entry in entries]


def test_an_approved_bulletin_is_shown_acknowledged_updated_and_cancelled(heard: Region) -> None:
    number = sent(heard)
    assert (shown(heard), shown(heard, OTHER_VILLAGE)) == ([TEXT], [])
    entries = [(e.entry.by, e.entry.what, e.entry.about) for e in heard.hub.store.audit.entries()]
    assert ("ratna", "bulletin approved", f"bulletin {number}") in entries
    node = heard.node()
    [notice] = node.notices.all()
    node.notices.seen(notice.serial, SeenStep.ANNOUNCED)
    heard.settle()
    seen = view(heard, number).notice
    assert seen is not None
    assert seen.villages[0].announced_at is not None

    newer = sent(heard, text="Waspada, juga lewat Batam.", replaces=number)
    assert shown(heard) == ["Waspada, juga lewat Batam."]
    assert (view(heard, number).row.state, view(heard, number).replaced_by) == ("replaced", newer)
    service(heard).cancel(newer, who=BUDI)
    assert shown(heard) == []
    messages = list(BulletinAlert.select().order_by(BulletinAlert.id).execute(heard.hub.store.database))
    assert [row.message for row in messages] == ["Alert", "Update", "Cancel"]
    for before, after in zip(messages, messages[1:], strict=False):
        assert f",{before.identifier}," in after.xml
    for row in messages:
        cap_schema().validate(row.xml)
    assert len(service(heard).feed()) == 3


def test_an_update_and_the_end_of_the_old_one_are_one_commit(heard: Region) -> None:
    number = sent(heard)
    newer = waiting(heard, text="Lebih baru.", replaces=number)
    store, seen = heard.hub.store, view(heard, newer).seen

    def fail(*_: object) -> None:
        raise xmlschema.XMLSchemaException("the disk is full")

    service(heard).deliver = fail
    with pytest.raises(xmlschema.XMLSchemaException):
        service(heard).approve(newer, seen, who=RATNA)
    assert len(store.notices.rows()) == 1
    assert view(heard, number).row.state == "sent"
    assert shown(heard) == [TEXT]


@pytest.mark.parametrize("database_url", [None])
def test_the_feed_never_shows_a_warning_whose_end_it_does_not_show(heard: Region) -> None:
    number = sent(heard)
    heard.clock.advance(5)
    newer = sent(heard, text="Hanya hari ini.", replaces=number, until=service(heard).today())
    heard.clock.advance(2 * 86_400)
    assert [entry.message for entry in service(heard).feed()] == ["Update", "Alert"]
    heard.clock.advance(5)
    quiet = sent(heard, text="Untuk fasilitator.", public=False, replaces=newer)
    assert [entry.message for entry in service(heard).feed()] == ["Cancel", "Update", "Alert"]
    [alert] = BulletinAlert.select().where(BulletinAlert.bulletin == quiet).execute(heard.hub.store.database)
    assert (alert.message, "<references>" in alert.xml) == ("Alert", False)
    heard.clock.advance(5)
    drill = sent(heard, status="Exercise", replaces=sent(heard))
    messages = [row.message for row in BulletinAlert.select().execute(heard.hub.store.database)]
    assert messages[-3:] == ["Alert", "Cancel", "Alert"], "no drill takes a real warning's place"
    assert view(heard, drill).row.state == "sent"


@pytest.mark.parametrize("database_url", [None])
def test_what_the_radio_cannot_say_is_refused_beside_its_field(heard: Region) -> None:
    for changes in ({"until": datetime.date(year, 1, 1)} for year in (1, 1969, 9999)):
        found = service(heard).check(draft(heard, **changes), who=BUDI)
        assert {problem.field for problem in found.problems} == {"until"}
    found = service(heard).check(draft(heard, level=10**17), who=BUDI)
    assert {problem.field for problem in found.problems} == {"level"}


def test_a_bulletin_ends_with_its_day_in_the_village_and_at_the_hub(heard: Region) -> None:
    number = sent(heard)
    assert shown(heard) == [TEXT]
    heard.clock.advance(11 * 86_400)
    assert heard.node().notices.public(NoticeKind.BULLETIN) == []
    assert view(heard, number).row.state == "expired"
    assert service(heard).feed() == ()
    heard.hub.store.receivers.turn()
    assert view(heard, number).ended_at is not None
    with pytest.raises(BulletinRefused):
        service(heard).cancel(number, who=BUDI)


def bytes_left(region: Region, text: str) -> int:
    notices = region.hub.store.notices
    until = notices.today() + datetime.timedelta(days=10)
    notice = NoticeDraft(NoticeKind.BULLETIN, 2, True, until, text.strip(), (1,))
    return PACKET_BYTES - notices.packet_bytes(notice)


def test_what_fits_is_one_packet_and_one_letter_more_is_refused_with_the_bytes(region: Region) -> None:
    region.node()
    region.talk_by_radio(for_s=60)
    letters = "".join(random.Random(5).choices("abcdefghijklmnoprstu ", k=400))
    fits = bisect.bisect_left(range(1, 401), True, key=lambda n: bytes_left(region, letters[:n]) < 0)
    assert bytes_left(region, letters[:fits]) >= 0
    text = letters[:fits].strip()
    assert bytes_left(region, letters[: fits + 1]) < 0
    # The area stands in the packet too, where it is more than a village.
    wider = service(region).check(draft(region, text=text, area="52.02"), who=BUDI)
    assert wider.bytes_left < 0
    assert wider.sent_text.endswith("(Kabupaten Lombok Tengah)")
    long = draft(region, text=letters[: fits + 30])
    checked = service(region).check(long, who=BUDI)
    [problem] = checked.problems
    assert f"kurangi {-checked.bytes_left} bita" in problem.text
    number = service(region).save(None, long, who=BUDI)
    with pytest.raises(BulletinRefused, match="bita"):
        service(region).submit(number, who=BUDI)

    sizes: list[int] = []
    due = region.hub.desk.due_frames

    def counted() -> Sequence[OutgoingFrame]:
        frames = due()
        sizes.extend(len(frame.payload) for frame in frames)
        return frames

    region.hub.desk.due_frames = counted  # type: ignore[method-assign]
    sent(region, text=text)
    region.talk_by_radio(for_s=120)
    [notice] = region.node().notices.all()
    assert notice.text == text
    assert [size for size in sizes if size > 100] == [max(sizes)]
    assert max(sizes) <= PACKET_BYTES < CHANNEL_PAYLOAD_LIMIT


def test_whom_the_hub_knows_is_named_in_no_bulletin_also_when_it_learns_of_them_later(heard: Region) -> None:
    store = heard.hub.store
    number = waiting(heard, text="Jangan ikut Soejoko.")
    seen = view(heard, number).seen
    case = store.cases.open("Contoh", who=SARI)
    store.cases.add_person(case, "Pak Sujoko", "0812-0000-4321", "", who=SARI)
    with pytest.raises(BulletinRefused, match="Soejoko$") as refused:
        service(heard).approve(number, seen, who=RATNA)
    assert case not in str(refused.value)
    assert shown(heard) == []
    english = draft(heard, text_en="Beware of S.u.j.o.k.o")
    assert [p.field for p in service(heard).check(english, who=BUDI).problems] == ["text_en"]


def test_who_is_told_of_in_reports_that_staff_joined_is_named_in_no_bulletin(region: Region) -> None:
    first, second, _ = LinkedReports(region).three_villages()
    named = draft(region, text="Awas Wayan Contohe.")

    def problems() -> list[str]:
        found = service(region).check(named, who=BUDI).problems
        return [one.text for one in found if one.field == "text"]

    assert problems() == []
    region.hub.store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)
    assert [text.rpartition(": ")[2] for text in problems()] == ["Wayan; Contohe"]


def test_a_refusal_tells_nobody_whom_the_hub_knows_in_other_areas(heard: Region) -> None:
    store = heard.hub.store
    [other] = arrive(heard, "cerita", village=OTHER_VILLAGE)
    case = store.cases.open("Contoh", who=SARI)
    store.cases.add_person(case, "Pak Sukijan", "0812-0000-4321", "", who=SARI)
    store.cases.add_reports(case, [other], who=SARI)

    def answer(text: str, by: SignedIn) -> str:
        number = service(heard).save(None, draft(heard, text=text), who=DEWI)
        service(heard).submit(number, who=DEWI)
        with pytest.raises(BulletinRefused) as refused:
            service(heard).approve(number, view(heard, number).seen, who=by)
        return str(refused.value)

    for name in ("Sukijan", "Sukijun"):
        named = draft(heard, text=f"Jangan ikut {name}.")
        assert service(heard).check(named, who=LOMBOK).problems == (), "known or not: the same"
    assert "menunjuk orang" in answer("Jangan ikut Sukijan.", RATNA), "who may see it looks before it goes"
    known, unknown = (answer(f"Jangan ikut {name}.", LOMBOK) for name in ("Sukijan", "Sukijun"))
    assert known.replace("Sukijan", "Sukijun") == unknown
    assert "tanpa batas wilayah" in known
    named = draft(heard, text="Jangan ikut Sukijan.")
    assert [p.field for p in service(heard).check(named, who=RATNA).problems] == ["text"], (
        "who sees it is told"
    )
    number = waiting(heard)
    service(heard).approve(number, view(heard, number).seen, who=LOMBOK)
    assert view(heard, number).row.state == "sent", "a text without names needs nobody above"


def test_areas_are_obeyed(heard: Region) -> None:
    there = sent(heard, area=OTHER_VILLAGE)
    here = sent(heard, area="52")
    assert [row.id for row in service(heard).rows(who=LOMBOK, before=None, limit=9)] == [here]
    with pytest.raises(UnknownBulletin):
        view(heard, there, LOMBOK)
    # It lies in a wider one: LOMBOK reads it and may not end it.
    with pytest.raises(UnknownBulletin):
        service(heard).cancel(here, who=LOMBOK)
    for area in ("52", "", OTHER_VILLAGE, "99"):
        with pytest.raises(BulletinRefused, match="Pilih wilayah"):
            service(heard).save(None, draft(heard, area=area), who=LOMBOK)
    assert [a.code for a in service(heard).areas(who=LOMBOK)] == ["52.02", "52.02.08", VILLAGE]


def test_a_drill_says_so_and_is_in_no_feed(heard: Region) -> None:
    sent(heard, status="Exercise")
    assert shown(heard) == [f"LATIHAN: {TEXT}"]
    assert service(heard).feed() == ()
    sent(heard, public=False)
    assert service(heard).feed() == ()


def test_a_signal_s_page_finds_its_bulletins(heard: Region) -> None:
    number = sent(heard, signal=7)
    assert [(one.serial, one.state, one.villages) for one in service(heard).of_signal(7)] == [
        (number, "sent", 1)
    ]
    assert service(heard).of_signal(8) == ()
