"""A bulletin goes out by radio and is seen; material comes by internet; broken material changes nothing."""

from __future__ import annotations

import datetime
import http.cookiejar
import json
import re
import sqlite3
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from processes import PATIENCE_S, VILLAGE, Scene, run, scene

from content.files import shipped_files
from content.packs import pack
from hub.config import HubConfig
from hub.services import SignedIn
from hub.store_wiring import HubStore
from sync.handin import HandIn

pytestmark = pytest.mark.slow
TEXT = "Waspada tawaran kerja di Kamboja. Jangan serahkan paspor."
PIN = "271828"
RATNA = SignedIn("ratna", "supervisor")
ARRIVED = "SELECT delivered FROM down WHERE what = 'notice'"


class Phone:
    """A facilitator's browser."""

    def __init__(self, url: str) -> None:
        self._url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(jar).open

    def read(self, path: str) -> str:
        with self._open(self._url + path, timeout=PATIENCE_S) as answer:
            return " ".join(answer.read().decode().split())

    def send(self, path: str, **typed: str) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.read("/"))
        fields = {**({"form_token": found[1]} if found else {}), **typed}
        body = urllib.parse.urlencode(fields).encode()
        with self._open(self._url + path, body, timeout=PATIENCE_S) as answer:
            return " ".join(answer.read().decode().split())


def wait_for(what: str, happened: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := happened()):
        assert time.monotonic() < deadline, what
        time.sleep(0.3)
    return found


def hub_row(village: Scene, query: str) -> Any:
    database = sqlite3.connect(village.hub_folder / "hub.sqlite3")
    try:
        found = database.execute(query).fetchone()
        return found and found[0]
    finally:
        database.close()


def approve(village: Scene, bulletin: int) -> int:
    """Let a second person send a bulletin, and return the serial number of its notice."""
    store = HubStore(HubConfig(village.hub_folder))
    try:
        seen = store.bulletins.view(bulletin, who=RATNA, first=0, limit=1).seen
        store.bulletins.approve(bulletin, seen, who=RATNA)
        [notice] = store.notices.rows()
        return notice.serial
    finally:
        store.close()


def test_a_bulletin_is_heard_by_radio_read_and_the_hub_knows(tmp_path: Path) -> None:
    with scene(tmp_path) as village:
        node_radio, hub_radio = village.start_air("--loss", "0.1", "--seed", "3")
        village.start_hub("--radio", hub_radio)
        node = village.start_node("--radio", node_radio, "--facilitator-listen", "127.0.0.1:0")
        wait_for("the hub heard the village", lambda: hub_row(village, "SELECT static_public FROM node"))
        sent = json.loads(
            run("hub", "bulletin", str(village.hub_folder), "--villages", VILLAGE, "--public", TEXT).stdout
        )
        assert sent["bytes_left"] > 0
        serial = approve(village, sent["bulletin"])
        wait_for("the bulletin arrived", lambda: hub_row(village, ARRIVED))

        code = json.loads(run("node", "facilitator-code", str(village.node_folder)).stdout)[
            "facilitator_code"
        ]
        phone = Phone(node.ready["facilitator_url"])
        phone.send("/masuk", code=code, new=PIN, again=PIN)
        assert TEXT in phone.read("/pengumuman")
        phone.send("/pengumuman", serial=str(serial), step="announced")
        wait_for("the hub knows", lambda: hub_row(village, "SELECT step FROM notice_seen") == 2)
        assert TEXT in Phone(node.ready["url"]).read("/pengumuman")


def test_material_comes_by_internet_and_a_broken_one_leaves_the_last_good_one(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes_raw().hex()
    broken = {**shipped_files(), "languages/id/posters.toml": b"poster = 1\n"}
    with scene(tmp_path, hub_init=["--release-key", public]) as village:
        hub = village.start_hub()
        by_internet = ("--hub", hub.ready["url"], "--internet-every", "1")
        village.start_node(*by_internet)

        def publish(version: int, files: Mapping[str, bytes]) -> None:
            file = tmp_path / f"{version}.pack"
            day = datetime.date(2026, 11, 26)
            file.write_bytes(pack(files, version=version, made_at=day, release_key=key))
            run("hub", "content", str(village.hub_folder), str(file))

        def status() -> dict[str, Any]:
            with HandIn(village.node_folder) as socket:
                return socket.ask({"op": "content"})

        publish(2, shipped_files())
        wait_for("version 2 is shown", lambda: status()["version"] == 2)
        assert village.node is not None
        village.node.kill()
        village.start_node(*by_internet)
        publish(3, broken)
        left = wait_for("version 3 was tried", lambda: status() if status()["gave_up"] else None)
        assert (left["version"], left["gave_up"], left["because"]) == (2, 3, "refused")
        wait_for("the hub knows", lambda: hub_row(village, "SELECT of_version FROM node_content") == 3)
