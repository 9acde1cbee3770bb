"""Emulators and radios that are closed again whatever a test does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running_emulator import RawClient, RunningEmulator

from firmware_bridge.emulator import EmulatorSettings

StartEmulator = Callable[..., RunningEmulator]


@pytest.fixture
def start_emulator() -> Iterator[StartEmulator]:
    running: list[RunningEmulator] = []

    def start(
        settings: EmulatorSettings | None = None, *, speed: float = 200.0, pty_paths: tuple[Path, ...] = ()
    ) -> RunningEmulator:
        running.append(
            RunningEmulator(settings or EmulatorSettings(seed=1), speed=speed, pty_paths=pty_paths)
        )
        return running[-1]

    yield start
    for emulator in running:
        emulator.stop()


@pytest.fixture
def raw_client() -> Iterator[Callable[[int], RawClient]]:
    clients: list[RawClient] = []

    def connect(port: int) -> RawClient:
        clients.append(RawClient(port))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
