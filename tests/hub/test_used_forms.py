"""A form counts once, in whatever process of the hub its second press arrives."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from village import Region

from hub.config import HubConfig
from hub.models import Contact, UsedForm
from hub.store_wiring import HubStore
from hub.used_forms import REMEMBERED_S, UsedForms
from hub.web.one_use_forms import OneUseForms


@pytest.fixture
def two(region: Region) -> Iterator[list[UsedForms]]:
    assert region.hub
    other = HubStore(HubConfig(region.hub_folder), region.clock)
    yield [UsedForms(s.database, s.writer, s.clock) for s in (region.hub.store, other)]
    other.close()


def test_the_second_press_does_nothing_in_another_process(two: list[UsedForms]) -> None:
    done: list[str] = []
    two[0].carry_out_once("a", lambda: done.append("first"))
    two[1].carry_out_once("a", lambda: done.append("second"))
    two[1].carry_out_once("b", lambda: done.append("other form"))
    assert done == ["first", "other form"]


def test_two_presses_at_once_count_once(two: list[UsedForms]) -> None:
    for number in range(10):
        done: list[int] = []
        gate = threading.Barrier(2)

        def press(
            forms: UsedForms, number: int = number, done: list[int] = done, gate: threading.Barrier = gate
        ) -> None:
            gate.wait(20)
            forms.carry_out_once(str(number), lambda: done.append(1))

        threads = [threading.Thread(target=press, args=(forms,)) for forms in two]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert done == [1]


def test_a_form_that_failed_left_nothing_and_may_be_sent_again(region: Region, two: list[UsedForms]) -> None:
    database = region.hub.store.database

    def fail() -> None:
        Contact.insert(node=1, via="http", at=1.0).execute(database)
        raise LookupError

    with pytest.raises(LookupError):
        two[0].carry_out_once("a", fail)
    assert Contact.select().count(database) == 0
    done: list[int] = []
    two[1].carry_out_once("a", lambda: done.append(1))
    assert done == [1]


def test_forms_of_last_week_are_forgotten(region: Region, two: list[UsedForms]) -> None:
    two[0].carry_out_once("a", lambda: None)
    region.clock.advance(REMEMBERED_S + 1)
    two[0].carry_out_once("b", lambda: None)
    assert UsedForm.select().count(region.hub.store.database) == 1


def test_the_forms_of_a_serving_hub_s_pages_are_rows(region: Region) -> None:
    app = region.hub.create_app()
    done: list[int] = []
    for _ in range(2):
        with app.app_context():
            OneUseForms().carry_out_once("a", lambda: done.append(1))
    assert done == [1]
    assert UsedForm.select().count(region.hub.store.database) == 1
