"""Web processes beside the desk: what they answer, and what the desk learns of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from village import Region, answers, reached

from hub.config import HubConfig
from hub.intake import Offered
from hub.joined_wiring import JoinedHub
from hub.settled import SettledSets
from hub.wiring import SANE_WALL_S
from sync.carriers.https import EXCHANGE_PATH, FRAMES_PATH
from sync.errors import EnrolmentRefused
from sync.identifiers import Lane
from sync.link.ranges import RangeSet
from sync.sealing.epoch import MAX_AHEAD, Sealed


@pytest.fixture
def joined(region: Region) -> Iterator[JoinedHub]:
    assert region.hub
    hub = JoinedHub(HubConfig(region.hub_folder), clock=region.clock)
    yield hub
    hub.close()


def carry(region: Region, joined: JoinedHub) -> None:
    """Take a bundle of the node to the joined process and its answer back."""
    desk = region.node().desk
    response = joined.create_app().test_client().post(EXCHANGE_PATH, data=desk.up_bundle().data)
    assert response.status_code == 200
    desk.apply_down_bundle(response.data)


def waiting_at_desk(region: Region) -> bool:
    """Return whether the desk would send anything to the node by radio."""
    desk = region.hub.desk
    desk.due_frames()
    return bool(desk._session._talk(1).downs)


def test_it_joins_the_generation_in_force(region: Region, joined: JoinedHub) -> None:
    assert joined.generation == region.hub.generation
    assert joined.store.outgoing.generation == region.hub.generation


def test_a_bundle_is_taken_and_receipted_in_either_process(region: Region, joined: JoinedHub) -> None:
    taken = region.file()
    carry(region, joined)
    assert "received" in reached(region.node(), taken.code)
    assert len(region.stories()) == 1


def test_frames_of_a_gateway_are_sent_to_the_desk(joined: JoinedHub) -> None:
    response = joined.create_app().test_client().post(FRAMES_PATH, data=b"anything")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "desk" in response.text


def test_an_answer_written_there_goes_down_by_the_desk_s_radio(region: Region, joined: JoinedHub) -> None:
    taken = region.file()
    region.talk_by_radio()
    joined.store.work.answer(str(taken.envelope_id), "Kami sudah baca.", asks=False, by="sari")
    region.talk_by_radio()
    assert answers(region.node(), taken.code) == ["Kami sudah baca."]


def test_the_desk_does_not_send_what_arrived_through_another_process(
    region: Region, joined: JoinedHub
) -> None:
    taken = region.file()
    region.talk_by_radio(for_s=60)
    region.hub.store.work.answer(str(taken.envelope_id), "Kami sudah baca.", asks=False, by="sari")
    assert waiting_at_desk(region)
    for _ in range(3):
        carry(region, joined)
    assert answers(region.node(), taken.code) == ["Kami sudah baca."]
    assert region.hub.store.outgoing.waiting() == []
    assert not waiting_at_desk(region)


def test_after_a_new_start_of_the_desk_its_generation_is_taken_up(region: Region, joined: JoinedHub) -> None:
    region.file("satu")
    carry(region, joined)
    before = region.hub.generation
    region.restart_hub()
    assert region.hub.generation > before
    region.settle()  # the village knows it
    taken = region.file("dua")
    carry(region, joined)
    assert "received" in reached(region.node(), taken.code)
    region.hub.store.work.answer(str(taken.envelope_id), "Kami sudah baca.", asks=False, by="sari")
    carry(region, joined)
    assert answers(region.node(), taken.code) == ["Kami sudah baca."]


def test_a_counter_that_another_process_led_up_to_is_not_too_far_ahead(
    region: Region, joined: JoinedHub
) -> None:
    region.file("satu")
    carry(region, joined)
    sealing = region.node().chain._epoch
    known = joined.store.keyring.by_id(sealing.id)
    assert known is not None

    def opens(sealed: Sealed) -> bool:
        offered = Offered((known,), Lane.REPORT, sealed.id.counter, sealed.ciphertext)
        return joined.store.intake.verify([offered]) != [None]

    far = [sealing.seal(Lane.REPORT, b"x") for _ in range(MAX_AHEAD + 10)][-1]
    assert not opens(far)
    settled = SettledSets(region.hub.store.database)
    settled.settle(sealing.id, Lane.REPORT, RangeSet([(0, far.id.counter)]))
    region.hub.store.writer.run(settled.write)  # as if the desk had taken all before it
    assert opens(far)


def test_a_machine_whose_date_is_wrong_does_not_join(region: Region) -> None:
    assert region.hub
    region.clock.jump_wall(SANE_WALL_S - 1 - region.clock.wall_s())
    with pytest.raises(EnrolmentRefused, match="date"):
        JoinedHub(HubConfig(region.hub_folder), clock=region.clock)
