"""How the server starts anew when other settings must run."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from sync.clock import ManualClock
from village_node import serving
from village_node.config import NodeConfig
from village_node.salvage import ask_for_salvage
from village_node.serving import MOST_SALVAGES, SALVAGES_WITHIN_S, SalvagePace, begin_anew
from village_node.store_watch import StartAnew


def test_it_replaces_itself_as_it_was_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, list[str]]] = []
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setattr(os, "execv", lambda program, words: called.append((program, words)))
    begin_anew()
    assert called == [(sys.executable, sys.orig_argv)]


def test_it_ends_for_systemd_which_was_told_that_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "@none")
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("systemd waits for the end"))
    with pytest.raises(StartAnew):
        begin_anew()


def test_where_the_system_forbids_it_somebody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError

    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setattr(os, "execv", forbidden)
    with pytest.raises(StartAnew, match="start the server anew"):
        begin_anew()


def test_a_dying_card_has_its_store_made_anew_a_few_times_an_hour() -> None:
    clock = ManualClock()
    pace = SalvagePace(clock)
    for _ in range(MOST_SALVAGES):
        assert pace.may_begin()
        pace.begins()
        clock.advance(60)
    assert not pace.may_begin()
    clock.advance(SALVAGES_WITHIN_S)
    assert pace.may_begin()


def test_stopped_while_its_store_is_made_anew_it_opens_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, ended = threading.Event(), threading.Event()
    ask_for_salvage(tmp_path)
    monkeypatch.setattr(serving, "QUICK_SALVAGE_S", 0.0)
    monkeypatch.setattr(serving, "salvage_where_asked", lambda _: ended.wait())
    monkeypatch.setattr(serving, "serve_without_store", lambda *_, **__: stop.set())
    opened: list[object] = []
    monkeypatch.setattr("village_node.folder.load", opened.append)
    try:
        assert serving._node_of(NodeConfig(tmp_path), stop, SalvagePace(ManualClock())) is None
    finally:
        ended.set()
    assert opened == []
