"""The hub's database server is lost while reports stream in: its synchronous replica takes over."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from processes import Scene, run, same_report, sample_lines, scene
from stores import no_postgres_here

from hub.storage.private_server import NoPostgres, PrivateServer
from sync.handin import HandIn
from sync.identifiers import EnvelopeId, Lane
from village_node.folder import DATABASE_FILE

pytestmark = pytest.mark.slow
PROMOTIONS = int(os.environ.get("KENTONGAN_PROMOTIONS", "1"))
"""One in the suite; scripts/promote-replica asks for more."""
RECEIPTED_BEFORE = 30
"""So many reports at least are receipted before the server is lost."""


class Filing(threading.Thread):
    """Files up to ten reports a second until it is told to stop."""

    def __init__(self, place: Scene, lines: list[dict[str, Any]]) -> None:
        super().__init__(daemon=True)
        self._place, self._lines = place, lines
        self.filed: dict[str, dict[str, Any]] = {}
        self.stopping = threading.Event()

    def run(self) -> None:
        with HandIn(self._place.node_folder) as socket:
            while not self.stopping.wait(0.1):
                line = self._lines[len(self.filed) % len(self._lines)]
                reply = socket.submit(line["report"])
                self.filed[reply["id"]] = {**reply, "report": line["report"]}


def held(server: PrivateServer) -> set[str]:
    """Return the ids of the reports that a server has committed."""
    return {str(row[0]) for row in server.execute("SELECT id FROM report", database="hub")}


def receipted(place: Scene) -> set[str]:
    """Return the ids of the reports of which the village knows that the hub has them."""
    rows = sqlite3.connect(place.node_folder / DATABASE_FILE).execute(
        "SELECT epoch, lane, counter FROM envelope JOIN receipt USING (epoch, counter)"
        " WHERE receipted_in IS NOT NULL AND lane = ?",
        (int(Lane.REPORT),),
    )
    return {str(EnvelopeId(epoch, Lane(lane), counter)) for epoch, lane, counter in rows}


@pytest.mark.parametrize("promotion", range(PROMOTIONS))
def test_a_promoted_replica_lacks_nothing_that_was_receipted(promotion: int, tmp_path: Path) -> None:
    try:
        primary = PrivateServer(durable=True)
    except NoPostgres as error:
        no_postgres_here(error)
    standby = None
    try:
        primary.create("hub")
        standby = PrivateServer(durable=True, standby_of=primary)
        primary.wait_for_standby()
        url = primary.url("hub", standby=standby)
        with scene(tmp_path, speed=100.0, hub_init=("--database", url)) as place:
            hub = place.start_hub()
            place.start_node("--hub", hub.ready["url"], "--internet-every", "0.1", "--quick-text")
            crowd = [Filing(place, sample_lines()[n::2]) for n in range(2)]
            for one in crowd:
                one.start()
            deadline = time.monotonic() + 120
            while len(receipted(place)) < RECEIPTED_BEFORE:
                assert time.monotonic() < deadline, "reports do not arrive"
                time.sleep(0.05)
            time.sleep(0.05 * promotion)  # each at another moment
            primary.lose()
            promised = receipted(place)  # no more can come: the hub has nothing to commit to
            standby.promote()
            lacking = promised - held(standby)
            for one in crowd:
                one.stopping.set()
                one.join(60)
            filed = {name: reply for one in crowd for name, reply in one.filed.items()}
            received = place.wait_for(set(filed))
            standby.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (*)'")
            standby.execute("SELECT pg_reload_conf()")
            examined = run("hub", "doctor", str(place.hub_folder), check=False).stdout
    finally:
        for server in (primary, standby):
            if server is not None:
                server.close()
    assert "no replica follows" in examined
    assert not lacking
    assert len(filed) > len(promised), "the load ended before the server was lost"
    assert sorted(line["id"] for line in received) == sorted(filed)
    by_id = {line["id"]: line["report"] for line in received}
    assert all(same_report(reply["report"], by_id[name]) for name, reply in filed.items())
