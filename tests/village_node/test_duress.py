"""A duress code opens an ordinary receipt: nothing gives the holder away, and nothing under it is sent."""

from __future__ import annotations

import pytest
from village import STORY, Region, answers, dump, reached

from sync.storage.writer import StorageError
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType, WithdrawalReason
from village_node.duress import HARMLESS_ANSWER
from village_node.follow_ups import MOST_FOLLOW_UPS
from village_node.services import FollowUpView, StorageFailed, Taken, TooManyFollowUps

PHOTO = Attachment(MediaType.JPEG, b"\xff\xd8" + bytes(1_000))


def real(taken: Taken) -> str:
    assert taken.code is not None
    return taken.code


def forced(taken: Taken) -> str:
    return real(taken)[:12] + taken.duress_digits


def add(region: Region, code: str, token: str = "token-of-a-form-0001", **more: object) -> bool:
    settings: dict[str, object] = {"urgent": False, "question": None, **more}
    return region.node().add_to_report(code, STORY, form_token=token, **settings)  # type: ignore[arg-type]


def sent(region: Region, code: str) -> list[tuple[bool, list[str]]]:
    views: tuple[FollowUpView, ...] = region.node().look_up(code).follow_ups
    return [(view.withdraws, [step.name for step in view.ladder if step.reached]) for view in views]


def test_its_ladder_is_the_real_one_at_each_step_and_agrees_with_the_pictures(region: Region) -> None:
    taken = region.file()
    assert taken.envelope_id is not None
    work = region.hub.store.work

    def agree(steps: list[str]) -> None:
        node = region.node()
        ladder = node.look_up(real(taken)).ladder
        assert [step.name for step in ladder if step.reached] == steps
        assert node.look_up(forced(taken)).ladder == ladder == node.look_up_pictures(taken.pictures).ladder

    agree(["saved"])
    assert answers(region.node(), forced(taken)) == []
    region.clock.advance(3600)
    region.settle()
    work.answer(taken.envelope_id, "Siapa sopirnya?", asks=True, by="sari")
    region.settle()
    agree(["saved", "on_its_way", "received"])
    assert answers(region.node(), forced(taken)) == [], "nobody thanks before somebody has read"
    work.show_report(taken.envelope_id, by="sari")
    region.settle()
    region.clock.advance(7200)
    agree(["saved", "on_its_way", "received", "read"])
    [thanks] = region.node().look_up(forced(taken)).answers
    assert (thanks.text, thanks.asks) == (HARMLESS_ANSWER, False)
    assert thanks.age_s == region.node().look_up(real(taken)).ladder[3].age_s
    work.mark_acted_on(taken.envelope_id, by="sari")
    region.settle()
    agree(["saved", "on_its_way", "received", "read", "acted_on"])
    assert answers(region.node(), forced(taken)) == [HARMLESS_ANSWER]


def test_what_is_sent_under_it_shows_there_alone_and_is_never_sealed(region: Region) -> None:
    taken = region.file("cerita")
    region.settle()
    before = dump(region.node_folder())["envelope"]
    assert not add(region, forced(taken), attachments=[PHOTO])
    assert add(region, forced(taken), attachments=[PHOTO]), "a second tap is the same addition"
    reason = WithdrawalReason.FEAR
    assert not region.node().withdraw_report(forced(taken), reason, form_token="token-of-a-form-0002")
    region.node().withdraw_report(forced(taken), reason, form_token="token-of-a-form-0003")
    after = dump(region.node_folder())
    assert after["envelope"] == before
    assert STORY not in repr(after)
    assert sent(region, forced(taken)) == [(False, ["saved"]), (True, ["saved"])]
    view = region.node().look_up(forced(taken))
    assert view.withdrawn
    assert [one.files for one in view.follow_ups] == ["waiting", "none"]
    assert sent(region, real(taken)) == []
    region.settle()
    assert taken.envelope_id is not None
    at_hub = region.hub.store.work.view(taken.envelope_id)
    assert (at_hub.additions, at_hub.withdrawal) == ((), None)


def test_what_is_sent_under_it_moves_no_faster_than_what_is_real(region: Region) -> None:
    taken = region.file()
    region.settle()
    add(region, forced(taken))
    add(region, real(taken), token="token-of-a-form-0002")
    assert sent(region, forced(taken)) == sent(region, real(taken)) == [(False, ["saved"])]
    region.restart_node()
    assert sent(region, forced(taken)) == [(False, ["saved"])]
    region.settle()
    assert sent(region, forced(taken)) == sent(region, real(taken))
    region.clock.advance(500)
    region.restart_node()
    [one], [true] = (
        region.node().look_up(forced(taken)).follow_ups,
        region.node().look_up(real(taken)).follow_ups,
    )
    assert one.ladder == true.ladder


def test_a_bundle_made_before_it_does_not_move_it(region: Region) -> None:
    taken = region.file()
    bundle = region.node().desk.up_bundle()
    region.clock.advance(60)
    add(region, forced(taken))
    down, _ = region.hub.desk.exchange(bundle.data, via="courier")
    region.node().desk.apply_down_bundle(down)
    assert "received" in reached(region.node(), real(taken))
    assert sent(region, forced(taken)) == [(False, ["saved"])]


def test_it_is_refused_where_a_real_one_would_be(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = region.file()
    for number in range(MOST_FOLLOW_UPS):
        add(region, forced(taken), token=f"token-of-a-form-{number:04}")
    with pytest.raises(TooManyFollowUps):
        add(region, forced(taken), token="token-of-a-form-more")
    assert not region.node().withdraw_report(
        forced(taken), WithdrawalReason.FEAR, form_token="another-token-0001"
    )

    other = region.file("dua")

    def fail(*_: object, **__: object) -> None:
        raise StorageError("the disk failed")

    monkeypatch.setattr(region.node().follow_ups._duress, "keep", fail)
    with pytest.raises(StorageFailed):
        add(region, forced(other), token="another-token-0002")


def test_the_row_on_the_card_holds_neither_code(region: Region) -> None:
    taken = region.file()
    add(region, forced(taken))
    everything = repr(dump(region.node_folder()))
    assert forced(taken) not in everything
    assert real(taken) not in everything
