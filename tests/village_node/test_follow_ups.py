"""Additions and withdrawals: sealed in the village, opened at the hub, once, whatever the order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from inbox_arrivals import listed
from village import OTHER_VILLAGE, SECRETS, STORY, Region, dump, reached, report

from hub.cases.services import InboxChoice
from hub.services import ReportView
from sync.identifiers import EnvelopeId
from sync.storage.writer import StorageError
from sync.wire.attachments import Attachment
from sync.wire.bundle_codec import UpBundle, decode_up_bundle, encode_up_bundle
from sync.wire.followups import ADDITION_MAX_CHARACTERS
from sync.wire.numbers import MediaType, WithdrawalReason
from village_node.follow_ups import MOST_FOLLOW_UPS
from village_node.offline import offline_receipt
from village_node.services import (
    FollowUpView,
    StorageFailed,
    Taken,
    TooManyFollowUps,
    TooManyGuesses,
    UnknownReceipt,
)

TOKEN = "token-of-a-form-0001"
PHOTO = b"\xff\xd8" + bytes(40_000)


def add(region: Region, taken: Taken, text: str = STORY, *, token: str = TOKEN, **more: object) -> bool:
    settings: dict[str, object] = {"urgent": False, "question": None, **more}
    return region.node().add_to_report(code_of(taken), text, form_token=token, **settings)  # type: ignore[arg-type]


def withdraw(region: Region, taken: Taken, token: str = TOKEN) -> bool:
    return region.node().withdraw_report(code_of(taken), WithdrawalReason.FEAR, form_token=token)


def code_of(taken: Taken) -> str:
    assert taken.code is not None
    return taken.code


def at_hub(region: Region, taken: Taken) -> ReportView:
    assert taken.envelope_id is not None
    return region.hub.store.work.view(taken.envelope_id)


def follow_ups(region: Region, taken: Taken) -> list[tuple[bool, list[str]]]:
    views: tuple[FollowUpView, ...] = region.node().look_up(code_of(taken)).follow_ups
    return [(view.withdraws, [step.name for step in view.ladder if step.reached]) for view in views]


class TestAdding:
    def test_an_addition_reaches_the_hub_once_and_has_a_ladder_of_its_own(self, region: Region) -> None:
        taken = region.file("cerita")
        region.settle()
        assert not add(region, taken, "Mobilnya hitam.")
        assert follow_ups(region, taken) == [(False, ["saved"])]
        assert "received" in reached(region.node(), taken.code)
        region.settle()
        region.settle()
        [addition] = at_hub(region, taken).additions
        assert (addition.text, addition.urgent, addition.question) == ("Mobilnya hitam.", False, None)
        assert follow_ups(region, taken) == [(False, ["saved", "on_its_way", "received"])]
        assert region.stories() == ["cerita"]

    def test_nothing_of_it_lies_readable_in_the_village(self, region: Region) -> None:
        taken = region.file("x")
        add(region, taken, STORY)
        everything = repr(dump(region.node_folder()))
        assert not [secret for secret in (*SECRETS, code_of(taken)) if secret in everything]

    def test_a_second_post_of_its_form_adds_nothing_also_after_a_restart(self, region: Region) -> None:
        taken = region.file()
        assert not add(region, taken, "satu")
        assert add(region, taken, "satu")
        region.restart_node()
        add(region, taken, "satu")
        region.settle()
        assert [one.text for one in at_hub(region, taken).additions] == ["satu"]

    def test_it_finds_a_report_of_an_earlier_start(self, region: Region) -> None:
        taken = region.file()
        region.restart_node()
        add(region, taken, "sesudah mati lampu")
        region.settle()
        assert [one.text for one in at_hub(region, taken).additions] == ["sesudah mati lampu"]
        assert at_hub(region, taken).additions[0].id.split(".")[0] != at_hub(region, taken).id.split(".")[0]

    def test_it_is_joined_though_it_comes_before_its_report(self, region: Region) -> None:
        node = region.node()
        sealed: list[tuple[object, bytes, bool]] = []
        node._taking._on_taken = lambda *envelope: sealed.append(envelope)  # the carrier that mixes them up
        taken = region.file("cerita")
        add(region, taken, "dulu", urgent=True)
        withdraw(region, taken, "another-token-0001")
        bundle = node.desk.up_bundle()
        region.hub.desk.exchange(without(bundle.data, taken), via="courier")
        assert region.stories() == []
        region.settle()
        view = at_hub(region, taken)
        assert [one.text for one in view.additions] == ["dulu"]
        assert view.withdrawal is not None
        region.clock.advance(60)
        node._taking._on_taken = node._taken
        region.file("baru")
        region.settle()
        row, newer = listed(region, InboxChoice(unread=True))
        assert (row.id, row.news, row.withdrawn) == (taken.envelope_id, True, True)  # urgent, so before
        assert (newer.news, newer.withdrawn) == (False, False)

    def test_a_hub_that_was_restored_gets_it_once_more_and_shows_it_once(self, region: Region) -> None:
        taken = region.file()
        add(region, taken, "satu")
        region.settle()
        region.restart_hub()
        region.settle()
        assert [one.text for one in at_hub(region, taken).additions] == ["satu"]

    def test_an_urgent_one_overtakes_and_moves_its_report_up_again(self, region: Region) -> None:
        taken, other = region.file("satu"), region.file("dua")
        assert other.code
        region.settle()
        work = region.hub.store.work
        for one in (taken, other):
            assert one.envelope_id is not None
            work.show_report(one.envelope_id, by="sari")
        add(region, taken, "Berangkat malam ini!", urgent=True)
        assert [envelope.urgent for envelope in region.node().log.pending()] == [True]
        region.settle()
        rows = listed(region, InboxChoice(unread=True))
        assert [(row.id, row.news) for row in rows] == [(taken.envelope_id, True)]
        assert listed(region)[0].id == taken.envelope_id
        assert taken.envelope_id is not None
        work.show_report(taken.envelope_id, by="sari")
        assert listed(region, InboxChoice(unread=True)) == []

    def test_it_names_the_question_that_it_answers(self, region: Region) -> None:
        taken = region.file()
        region.settle()
        assert taken.envelope_id is not None
        region.hub.store.work.answer(taken.envelope_id, "Jam berapa?", asks=True, by="sari")
        region.settle()
        [question] = region.node().look_up(code_of(taken)).answers
        add(region, taken, "Jam sepuluh.", question=question.written_at_s)
        region.settle()
        [answer], [asked] = at_hub(region, taken).additions, at_hub(region, taken).answers
        assert answer.question == asked.written_at

    def test_its_photo_is_joined_to_it_and_not_to_the_report(self, region: Region) -> None:
        taken = region.file()
        add(region, taken, "", attachments=[Attachment(MediaType.JPEG, PHOTO)])
        shown = region.node().look_up(code_of(taken))
        assert (shown.files, [one.files for one in shown.follow_ups]) == ("none", ["waiting"])
        region.settle()
        shown = region.node().look_up(code_of(taken))
        assert (shown.files, [one.files for one in shown.follow_ups]) == ("none", ["received"])
        work = region.hub.store.work
        [addition] = at_hub(region, taken).additions
        assert addition.text == ""
        assert [one.complete for one in work.attachments_of(addition.id)] == [True]
        assert work.show_attachment(addition.id, 0, by="sari") == PHOTO
        assert at_hub(region, taken).attachments == 0

    def test_the_photo_of_a_report_waits_in_words_until_it_is_at_the_hub(self, region: Region) -> None:
        photo = [Attachment(MediaType.JPEG, PHOTO)]
        taken = region.node().take_report(report(), form_token=None, attachments=photo)
        assert taken.pictures
        assert region.node().look_up_pictures(taken.pictures).files == "waiting"
        region.talk_by_radio(for_s=60)
        assert "received" in reached(region.node(), taken.code)
        assert region.node().look_up(code_of(taken)).files == "waiting"
        region.settle()
        assert region.node().look_up(code_of(taken)).files == "received"

    def test_the_command_for_a_receipt_shows_them_where_there_are_some(self, region: Region) -> None:
        taken = region.file()
        assert offline_receipt(region.node_folder(), code_of(taken)).keys() == {"ladder", "answers"}
        add(region, taken, "lagi", attachments=[Attachment(MediaType.JPEG, PHOTO)])
        [follow_up] = offline_receipt(region.node_folder(), code_of(taken))["follow_ups"]
        assert not follow_up["withdraws"]
        assert [step["reached"] for step in follow_up["ladder"]] == [True, False, False]
        assert "lagi" not in repr(follow_up)

    def test_a_wrong_code_adds_nothing_and_counts_as_a_guess(self, region: Region) -> None:
        region.file()
        before = len(region.node().log.pending())
        for _ in range(20):
            with pytest.raises(UnknownReceipt):
                region.node().add_to_report("0" * 16, "a", urgent=False, question=None, form_token=TOKEN)
        with pytest.raises(TooManyGuesses):
            region.node().withdraw_report("0" * 16, WithdrawalReason.OTHER, form_token=TOKEN)
        assert len(region.node().log.pending()) == before

    def test_a_text_that_is_too_long_is_refused_and_uses_no_counter(self, region: Region) -> None:
        taken = region.file()
        with pytest.raises(ValueError, match="characters"):
            add(region, taken, "a" * (ADDITION_MAX_CHARACTERS + 1))
        add(region, taken, "pendek")
        region.settle()
        [addition] = at_hub(region, taken).additions
        assert addition.id.endswith(".0.1")

    def test_a_failing_commit_keeps_nothing_and_its_counter_is_announced_void(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = region.file()
        node = region.node()

        def fails(*_: object, **__: object) -> None:
            raise StorageError("no")

        with monkeypatch.context() as patch:
            patch.setattr(node.log, "add_follow_up", fails)
            with pytest.raises(StorageFailed):
                add(region, taken, "hilang")
        assert follow_ups(region, taken) == []
        add(region, taken, "ada")
        region.settle()
        assert [one.text for one in at_hub(region, taken).additions] == ["ada"]
        epoch = EnvelopeId.parse(at_hub(region, taken).id).epoch
        # 0 the report, 1 lost, 2 the announcement that it is void, 3 the addition.
        assert region.hub.store.intake.held(epoch).ranges() == [(0, 4)]
        assert not node.desk.has_work()

    def test_one_receipt_cannot_fill_the_box(self, region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
        assert MOST_FOLLOW_UPS >= 20
        monkeypatch.setattr("village_node.follow_ups.MOST_FOLLOW_UPS", 2)
        taken = region.file()
        for number in range(2):
            add(region, taken, "a", token=f"{TOKEN}{number}")
        with pytest.raises(TooManyFollowUps):
            add(region, taken, "a", token=f"{TOKEN}3")
        withdraw(region, taken)  # always possible

    def test_a_node_cannot_add_to_the_report_of_another(self, region: Region) -> None:
        taken = region.file()
        region.settle()
        other = region.node(OTHER_VILLAGE)
        stolen = region.file("lain", OTHER_VILLAGE)
        assert taken.envelope_id is not None
        place = EnvelopeId.parse(taken.envelope_id)
        other.log.place_of = lambda find: place  # type: ignore[method-assign]
        other.add_to_report(code_of(stolen), "palsu", urgent=True, question=None, form_token=TOKEN)
        region.settle(OTHER_VILLAGE)
        assert at_hub(region, taken).additions == ()
        [row, _] = listed(region)
        assert not row.news


class TestWithdrawing:
    def test_a_withdrawal_is_shown_at_the_hub_with_what_it_demands(self, region: Region) -> None:
        taken = region.file()
        region.settle()
        withdraw(region, taken)
        assert follow_ups(region, taken) == [(True, ["saved"])]
        assert region.node().look_up(code_of(taken)).withdrawn
        region.clock.advance(7200)
        region.settle()
        withdrawal = at_hub(region, taken).withdrawal
        assert withdrawal is not None
        assert withdrawal.reason is WithdrawalReason.FEAR
        assert withdrawal.received_at == region.clock.wall_s()
        assert withdrawal.stop_until == withdrawal.received_at + 72 * 3600
        assert follow_ups(region, taken) == [(True, ["saved", "on_its_way", "received"])]

    def test_a_report_that_has_not_left_goes_with_its_withdrawal(self, region: Region) -> None:
        taken = region.file("belum berangkat")
        withdraw(region, taken)
        region.settle()
        assert region.stories() == ["belum berangkat"]
        assert at_hub(region, taken).withdrawal is not None
        assert region.hub.store.intake.missing() == 0

    def test_a_second_withdrawal_changes_nothing_and_an_addition_after_it_is_shown(
        self, region: Region
    ) -> None:
        taken = region.file()
        assert not withdraw(region, taken)
        withdraw(region, taken, "another-token-0001")
        add(region, taken, "Jangan ditarik, saya keliru.", token="another-token-0002")
        region.settle()
        assert [kind for kind, _ in follow_ups(region, taken)] == [True, False]
        assert [one.text for one in at_hub(region, taken).additions] == ["Jangan ditarik, saya keliru."]

    def test_by_radio_both_go_too(self, region: Region) -> None:
        taken = region.file("lewat radio")
        region.talk_by_radio(for_s=120)
        add(region, taken, "tambahan lewat radio")
        withdraw(region, taken, "another-token-0001")
        region.talk_by_radio(for_s=120)
        view = at_hub(region, taken)
        assert [one.via for one in view.additions] == ["radio"]
        assert view.withdrawal is not None
        assert [steps[-1] for _, steps in follow_ups(region, taken)] == ["received", "received"]


def without(bundle: bytes, taken: Taken) -> bytes:
    """Return the bundle as if the report had been lost on the way."""
    sections = decode_up_bundle(bundle).epochs
    kept = [
        replace(s, envelopes=tuple(e for e in s.envelopes if str(e[0]) != taken.envelope_id))
        for s in sections
    ]
    return encode_up_bundle(UpBundle(tuple(kept)))
