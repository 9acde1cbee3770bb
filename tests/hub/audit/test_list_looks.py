from __future__ import annotations

from collections.abc import Callable

import pytest
from linked_reports import LinkedReports
from village import Region

from hub.audit import list_looks
from hub.audit.list_looks import AGAIN_S, ListLooks
from hub.cases.services import InboxChoice
from hub.services import SignedIn
from sync.clock import ManualClock
from sync.storage.writer import StorageError

SARI, BUDI = SignedIn("sari", "analyst"), SignedIn("budi", "supervisor")


class Writer:
    """Runs at once, or fails."""

    fails = False

    def run(self, job: Callable[[], object]) -> object:
        if self.fails:
            raise StorageError("full")
        return job()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def noted() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def looks(clock: ManualClock, noted: list[tuple[str, str]]) -> ListLooks:
    def note(who: SignedIn, what: str, about: str) -> None:
        assert what == "listed"
        noted.append((who.name, about))

    return ListLooks(Writer(), clock, note)  # type: ignore[arg-type]  # all of the writer that it uses


def test_each_is_noted_once_for_each_account(looks: ListLooks, noted: list[tuple[str, str]]) -> None:
    for _ in range(3):
        looks.shown(SARI, ["report a", "report b", "report a"])
    looks.shown(BUDI, ["report a"])
    looks.shown(SARI, ["report c", "report b"])
    assert noted == [("sari", "report a"), ("sari", "report b"), ("budi", "report a"), ("sari", "report c")]


def test_after_half_a_day_it_is_a_new_look(
    looks: ListLooks, clock: ManualClock, noted: list[tuple[str, str]]
) -> None:
    looks.shown(SARI, ["report a"])
    clock.advance(AGAIN_S - 1)
    looks.shown(SARI, ["report a"])
    assert len(noted) == 1
    clock.advance(2)
    looks.shown(SARI, ["report a"])
    assert len(noted) == 2


def test_what_could_not_be_noted_is_noted_the_next_time(
    clock: ManualClock, noted: list[tuple[str, str]]
) -> None:
    writer = Writer()
    looks = ListLooks(writer, clock, lambda who, what, about: noted.append((who.name, about)))  # type: ignore[arg-type]
    writer.fails = True
    with pytest.raises(StorageError):
        looks.shown(SARI, ["report a"])
    writer.fails = False
    looks.shown(SARI, ["report a"])
    assert noted == [("sari", "report a")]


def test_its_memory_is_bounded(
    looks: ListLooks, noted: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_looks, "MOST_REMEMBERED", 2)
    looks.shown(SARI, ["report a", "report b", "report c"])
    assert len(looks._noted_at) == 2
    looks.shown(SARI, ["report a", "report c"])
    assert noted[3:] == [("sari", "report a")]


def test_every_list_of_the_hub_notes_what_it_shows(region: Region) -> None:
    first, second, third = LinkedReports(region).three_villages(carried=True)
    store = region.hub.store
    case = store.cases.open("Tiga anak ke Batam", who=BUDI)
    store.people.decide("recruiter", first, second, same=True, reason="", who=BUDI)

    def listed() -> set[str]:
        return {
            k.entry.about for k in store.audit.entries() if (k.entry.by, k.entry.what) == ("sari", "listed")
        }

    store.inbox.page(InboxChoice(), before=None, limit=10, who=SARI)
    assert listed() == {f"report {name}" for name in (first, second, third)}
    store.people.groups("recruiter", before=None, limit=10, who=SARI)
    assert "person 1" in listed()
    store.cases.rows("open", before=None, limit=10, who=SARI)
    assert f"case {case}" in listed()
    store.people.waiting(before=None, limit=10, who=BUDI)
    seen = {k.entry.about for k in store.audit.entries() if (k.entry.by, k.entry.what) == ("budi", "listed")}
    assert f"report {third}" in seen
