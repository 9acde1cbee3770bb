"""From a phone to the inbox: the same intake, once, within areas, cleaned, forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Any

import pytest
from inbox_arrivals import listed, noted
from key_rotation import retire, rotate, turn
from phone import KETUT, Phone
from small_media import SECRET, jpeg, mp4
from village import OTHER_VILLAGE, VILLAGE, Region, dump

from hub.models import AttachmentPiece, Down, Envelope, Report
from hub.openrosa import filing as filing_module
from hub.openrosa.models import PhoneFile, PhoneReport
from hub.openrosa.reading import SubmissionRefused, read_submission
from hub.openrosa.services import Filed
from hub.services import AnswerRefused, SignedIn
from sync.media.cleaning import Kind
from sync.media.refusals import MediaRefused, Refusal
from sync.records import check_report
from sync.storage.database import connect
from sync.wire.attachments import Attachment

BY = SignedIn("token 1", "analyst")


@pytest.fixture
def phone(region: Region) -> Phone:
    region.create_node()
    return Phone(region)


def file(phone: Phone, xml: bytes, files: Mapping[str, bytes] | None = None, by: SignedIn = BY) -> Filed:
    return phone.region.hub.store.phones.file(read_submission(xml), files or {}, by=by)


def count(phone: Phone, model: type[Report | PhoneReport | PhoneFile | Envelope | AttachmentPiece]) -> int:
    database = phone.region.hub.store.database
    connect(database)
    return int(model.select().count(database))


def test_a_form_is_a_report_in_the_inbox_that_says_how_it_came(phone: Phone) -> None:
    filed = file(phone, phone.fill())
    assert (filed.new, filed.kept, filed.refused) == (True, 0, {})
    store = phone.region.hub.store
    [row] = listed(phone.region)
    assert (row.id, row.village, row.urgency) == (filed.report, VILLAGE, "now")
    view = store.work.show_report(filed.report, by=KETUT)
    assert view.via == "collect"
    assert view.report.channel == "facilitator"
    assert check_report(view.report.to_json()) == view.report
    assert view.taken_between[0] == datetime(2027, 1, 15, 7, tzinfo=UTC).timestamp()
    how = store.phones.of(filed.report)
    assert how is not None
    assert (how.token, how.purpose, how.refused) == (1, "Ponsel Sari", 0)
    assert store.phones.of("ffffffffffffffff.0.9") is None
    assert ("token 1", "filed", f"report {filed.report}") in noted(phone.region)


def test_the_same_form_twice_is_one_report(phone: Phone) -> None:
    xml = phone.fill()
    first = file(phone, xml)
    phone.region.restart_hub()
    again = file(phone, xml)
    assert (again.report, again.new) == (first.report, False)
    assert count(phone, Report) == count(phone, Envelope) == count(phone, PhoneReport) == 1


def test_the_same_form_at_the_same_time_is_one_report(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    xml, asked = phone.fill(), []
    filing = phone.region.hub.store.phones
    real = filing._held

    def late(instance: str) -> str | None:
        asked.append(instance)
        if len(asked) == 1:  # this one looked before the other had stored
            filing.file(read_submission(xml), {}, by=BY)
            return None
        return real(instance)

    monkeypatch.setattr(filing, "_held", late)
    assert not file(phone, xml).new
    assert count(phone, Report) == count(phone, Envelope) == 1


def test_pictures_and_sounds_are_cleaned_and_come_with_any_post(phone: Phone) -> None:
    xml = phone.fill(photo="1.jpg", voice="2.m4a")
    photo = jpeg(behind=SECRET)
    first = file(phone, xml, {"1.jpg": photo, "not-named.jpg": photo})
    assert (first.new, first.kept) == (True, 1)
    second = file(phone, xml, {"1.jpg": photo, "2.m4a": mp4()})
    assert (second.report, second.new, second.kept) == (first.report, False, 1)
    third = file(phone, xml, {"1.jpg": photo, "2.m4a": mp4()})
    assert (third.new, third.kept, count(phone, Report), count(phone, PhoneFile)) == (False, 0, 1, 2)
    work = phone.region.hub.store.work
    view = work.view(first.report)
    [addition] = view.additions
    assert (addition.text, addition.via) == ("", "collect")
    types = []
    for one in (first.report, addition.id):
        [attached] = work.attachments_of(one)
        types.append(attached.media_type)
        assert SECRET not in work.show_attachment(one, attached.number, by=KETUT)
    assert types == ["image/jpeg", "audio/mp4"]
    assert noted(phone.region)[-3][1] == "filed more"


def test_the_same_file_at_the_same_time_is_kept_once(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    xml = phone.fill(photo="1.jpg")
    first = file(phone, xml)
    filing = phone.region.hub.store.phones
    real, cleanings = filing._cleaned, []

    def late(*given: Any) -> Any:
        cleanings.append(given)
        cleaned = real(*given)
        if len(cleanings) == 1:  # this one had looked before the other stored
            assert filing.file(read_submission(xml), {"1.jpg": jpeg()}, by=BY).kept == 1
        return cleaned

    monkeypatch.setattr(filing, "_cleaned", late)
    again = file(phone, xml, {"1.jpg": jpeg()})
    assert (again.report, again.new, again.kept, count(phone, PhoneFile)) == (first.report, False, 0, 1)


def test_a_phone_of_another_area_adds_nothing(phone: Phone) -> None:
    xml = phone.fill(photo="1.jpg")
    file(phone, xml)
    with pytest.raises(SubmissionRefused, match="wilayah ponsel"):
        file(phone, xml, {"1.jpg": jpeg()}, by=SignedIn("token 2", "analyst", ("53",)))
    assert count(phone, PhoneFile) == 0


def test_a_file_that_cannot_be_read_does_not_keep_the_report_back(phone: Phone) -> None:
    filed = file(phone, phone.fill(photo="1.jpg"), {"1.jpg": b"nothing of a picture"})
    assert (filed.new, filed.kept, filed.refused) == (True, 0, {"photo": Refusal.NO_PICTURE})
    how = phone.region.hub.store.phones.of(filed.report)
    assert how is not None
    assert how.refused == 1


def test_a_cleaner_that_is_busy_gets_the_file_again(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(kind: Kind, content: IO[bytes]) -> Attachment:
        raise MediaRefused(Refusal.BUSY)

    xml = phone.fill(photo="1.jpg")
    filing = phone.region.hub.store.phones
    real = filing._clean
    monkeypatch.setattr(filing, "_clean", busy)
    first = file(phone, xml, {"1.jpg": jpeg()})
    assert (first.new, first.busy, first.kept) == (True, True, 0)
    monkeypatch.setattr(filing, "_clean", real)
    again = file(phone, xml, {"1.jpg": jpeg()})
    assert (again.new, again.busy, again.kept) == (False, False, 1)


def test_a_phone_files_for_its_areas_alone(phone: Phone) -> None:
    phone.region.create_node(OTHER_VILLAGE)
    mine = SignedIn("token 1", "analyst", (VILLAGE[:5],))
    filing = phone.region.hub.store.phones
    assert [code for code, _ in filing.villages(who=mine)] == [VILLAGE]
    assert [code for code, _ in filing.villages(who=BY)] == [VILLAGE, OTHER_VILLAGE]
    said = []
    for village in (OTHER_VILLAGE, "52.02.08.2999", "x"):
        with pytest.raises(SubmissionRefused) as refused:
            file(phone, phone.fill(village=village), by=mine)
        said.append(str(refused.value))
    assert len(set(said)) == 1, "no telling which villages there are"
    assert count(phone, Report) == count(phone, PhoneReport) == 0


def test_nothing_is_kept_where_one_part_fails(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("broken")

    store = phone.region.hub.store
    xml = phone.fill(photo="1.jpg")
    monkeypatch.setattr(store.intake, "on_arrived", fails)
    with pytest.raises(RuntimeError, match="broken"):
        file(phone, xml, {"1.jpg": jpeg()})
    for model in (Report, Envelope, PhoneReport, PhoneFile, AttachmentPiece):
        assert count(phone, model) == 0, model
    monkeypatch.undo()
    assert file(phone, xml, {"1.jpg": jpeg()}).new


def test_it_is_stored_under_a_key_of_its_own_and_forgotten_whole(phone: Phone) -> None:
    xml = phone.fill(photo="1.jpg", voice="2.m4a")
    filed = file(phone, xml, {"1.jpg": jpeg()})
    file(phone, xml, {"2.m4a": mp4()})
    other = file(phone, phone.fill())
    if phone.region.database_url is None:
        kept = repr(dump(phone.region.hub_folder))
        assert "1.jpg" not in kept
        assert "uuid:" not in kept
    phone.region.hub.store.forgetting.forget([filed.report], by=KETUT, reason="selesai")
    assert (count(phone, PhoneReport), count(phone, PhoneFile)) == (1, 0)
    assert phone.region.hub.store.phones.of(filed.report) is None
    assert phone.region.hub.store.phones.of(other.report) is not None
    database = phone.region.hub.store.database
    bodies = [bytes(row.sealed) for row in Envelope.select().execute(database)]
    assert sorted(bool(body) for body in bodies) == [False] * (len(bodies) - 1) + [True]


def test_reading_it_queues_nothing_and_nobody_can_answer_it(phone: Phone) -> None:
    filed = file(phone, phone.fill())
    store = phone.region.hub.store
    store.work.show_report(filed.report, by=KETUT)
    store.work.mark_acted_on(filed.report, by=KETUT)
    with pytest.raises(AnswerRefused):
        store.work.answer(filed.report, "Terima kasih", asks=False, by=KETUT)
    assert Down.select().count(store.database) == 0
    assert store.jobs._held() == []


def test_a_phone_with_a_wrong_clock_counts_as_now(phone: Phone) -> None:
    now = phone.region.clock.wall_s()
    for ended_at in ("2199-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00"):
        filed = file(phone, phone.fill(ended_at=ended_at))
        assert phone.region.hub.store.work.view(filed.report).taken_between == (now, now)
    assert filing_module.OLDEST_FORM_S > 86_400


def test_what_came_before_the_hub_s_key_changed_stays_readable_with_its_picture(phone: Phone) -> None:
    region = phone.region
    region.settle()
    photo = jpeg(behind=SECRET)
    before = file(phone, phone.fill(photo="1.jpg"), {"1.jpg": photo})
    rotate(region)
    turn(region, VILLAGE)
    between = file(phone, phone.fill(photo="1.jpg"), {"1.jpg": photo})
    retire(region)
    after = file(phone, phone.fill(photo="1.jpg"), {"1.jpg": photo})
    work = region.hub.store.work
    for one in (before, between, after):
        assert one.new
        assert work.view(one.report).report.narrative == "Pak Wayan Contoh mengajak tiga anak ke Malaysia."
        [attached] = work.attachments_of(one.report)
        assert work.show_attachment(one.report, attached.number, by=KETUT)[:3] == b"\xff\xd8\xff"
