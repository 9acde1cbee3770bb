"""Figures for Prometheus: what they say, that the dashboard asks for them, and that no report shows."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from village import STORY, Region

from hub.metrics import HubMetrics, check_loopback
from sync.wire.beacons import Beacon, ClockTrust, DiskFree

ROOT = Path(__file__).parents[2]


def told(region: Region) -> str:
    store = region.hub.store
    registry = CollectorRegistry()
    registry.register(HubMetrics(store.database, store.links, store.clock, region.hub_folder))
    return generate_latest(registry).decode()


def test_the_figures_say_how_the_boxes_and_the_hub_are(region: Region) -> None:
    region.node()
    region.exchange()
    store = region.hub.store
    full = Beacon(clock=ClockTrust.HUB, disk=DiskFree.FULL)
    store.writer.run(lambda: store.fleet.boxes.hear(1, full, region.clock.wall_s()))
    store.fleet.boxes.settle()
    store.jobs.set_job_ran("backup-written", int(region.clock.wall_s()) - 60)
    region.clock.advance(2.5 * 86_400)
    text = told(region)
    for line in (
        "kentongan_boxes 1.0",
        "kentongan_boxes_needing_person 1.0",
        'kentongan_box_troubles{kind="full"} 1.0',
        'kentongan_box_troubles{kind="silent"} 0.0',
        'kentongan_box_silent_days{node="1"} 2.0',
        'kentongan_hub_backup_age_seconds{copy="backup"} 216060.0',
    ):
        assert line in text.splitlines()


def test_a_box_on_an_older_copy_of_its_card_had_no_thousands_of_power_cuts(region: Region) -> None:
    region.enrolment()
    boxes, writer = region.hub.store.fleet.boxes, region.hub.store.writer
    for days, unclean in ((0, 9), (3, 4)):
        region.clock.advance(days * 86_400)
        beacon = Beacon(clock=ClockTrust.HUB, starts=unclean, unclean=unclean)
        writer.run(partial(boxes.hear, 1, beacon, region.clock.wall_s()))
    lines = told(region).splitlines()
    assert 'kentongan_box_unclean_starts{node="1"} 0.0' in lines
    assert 'kentongan_box_silent_days{node="1"} 0.0' in lines  # its word came, whatever carried it


def test_a_report_changes_no_figure(region: Region) -> None:
    region.node()
    region.exchange()
    region.hub.store.fleet.boxes.settle()

    def kept() -> list[str]:
        return [line for line in told(region).splitlines() if "disk_free" not in line]

    before = kept()
    region.file(STORY, urgency="now")
    region.exchange()
    assert kept() == before


def test_the_dashboard_and_the_page_name_every_figure_and_no_other(region: Region) -> None:
    region.hub.store.jobs.set_job_ran("forget-questions", int(region.clock.wall_s()) - 60)
    text = told(region)
    names = set(re.findall(r"^# TYPE (kentongan_\w+) gauge$", text, re.MULTILINE))
    dashboard = json.loads((ROOT / "docs/grafana-kentongan.json").read_text("utf-8"))
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert {name for expr in asked for name in re.findall(r"kentongan_\w+", expr)} == names
    page = (ROOT / "docs/metrics.md").read_text("utf-8")
    labels = dict(re.findall(r"^\| `(kentongan_\w+)` \| (?:`(\w+)`)? ?\|", page, re.MULTILINE))
    assert set(labels) == names
    assert dict(re.findall(r"^(kentongan_\w+){(\w+)=", text, re.MULTILINE)).items() <= labels.items()
    # Prometheus keeps these two for itself.
    assert not {"job", "instance"} & set(labels.values())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            [name] = re.findall(r"kentongan_\w+", target["expr"])
            assert re.findall(r"{{(\w+)}}", target["legendFormat"]) == [one for one in [labels[name]] if one]
            # Of a range Grafana's table shows one series alone, with a choice of the others.
            now = (target.get("instant"), target.get("format")) == (True, "table")
            assert now == (panel["type"] == "table"), panel["title"]
            # Grafana would write ten days as "1.43 weeks", and put four columns of Prometheus's own first.
            assert panel["fieldConfig"]["defaults"]["unit"] in {"none", "bytes", "s", "percentunit"}
            for step in panel.get("transformations", []) or [{}] * now:
                shown = set(step["options"]["indexByName"])
                assert shown == {labels[name], "Value"}, panel["title"]
                assert step["options"]["excludeByName"].keys() >= {"Time", "instance", "job"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "hub.example"])
def test_only_this_machine_may_ask(host: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        check_loopback((host, 9108))
    for own in ("127.0.0.1", "::1", "localhost"):
        check_loopback((own, 9108))
