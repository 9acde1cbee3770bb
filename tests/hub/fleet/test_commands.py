"""`kentongan hub fleet` prints who needs a person, and keeps who is told."""

from __future__ import annotations

import json

from click.testing import CliRunner
from village import Region

from hub.cli import hub
from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust


def test_the_list_and_the_receivers(region: Region) -> None:
    region.enrolment()
    store = region.hub.store
    told = Beacon(clock=ClockTrust.HUB, flags=BeaconFlag.DATABASE_DAMAGED)
    store.writer.run(lambda: store.fleet.boxes.hear(1, told, region.clock.wall_s()))
    folder = str(region.hub_folder)
    found = CliRunner().invoke(hub, ["fleet", "list", folder, "--json"])
    line = json.loads(found.output)
    assert (line["node"], line["needs_person"], line["flags"]) == (1, True, ["database_damaged"])
    assert line["troubles"][0] == "damaged"
    assert line["next"].startswith("Kirim teknisi")
    plain = CliRunner().invoke(hub, ["fleet", "list", folder]).output
    assert plain.startswith("! 1\t")
    assert CliRunner().invoke(hub, ["fleet", "tell", folder, "kantor"]).exit_code == 1
    address = "teknisi@kantor.example"
    assert CliRunner().invoke(hub, ["fleet", "tell", folder, address]).exit_code == 0
    listed = json.loads(CliRunner().invoke(hub, ["fleet", "receivers", folder]).output)
    assert listed == {"address": address, "language": "id"}
    assert CliRunner().invoke(hub, ["fleet", "untell", folder, address]).exit_code == 0
    assert CliRunner().invoke(hub, ["fleet", "untell", folder, address]).exit_code == 1
