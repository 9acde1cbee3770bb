"""A network is drawn the same each time, and each edge has its two ends."""

from __future__ import annotations

import random

from hub.linking.evidence import extract
from hub.links.network import COLUMN, MOST_OF_A_COLUMN, NODE_HEIGHT, NODE_WIDTH, Group, draw, network_of
from hub.links.profile import Told
from sync.records import check_report


def told(number: int, village: str, **recruiter: str) -> Told:
    report = check_report(
        {
            "kind": "recruiter",
            "narrative": "-",
            "recruiter": recruiter,
            "offer": {"destination": "MY", "route": "Batam"},
        }
    )
    return Told(f"r{number}", village, f"Desa {village[-4:]}", float(number), report, extract(report))


def group(number: int, *reports: Told) -> Group:
    return Group(number, f"Orang {number}", reports)


WAYAN = group(
    1,
    told(1, "52.02.08.2001", name="Wayan Contohe", phone="0812-0000-4321", company="PT Maju Contoh"),
    told(2, "53.18.01.2003", name="Wayan", phone="0812-0000-4321"),
)
SRI = group(2, told(3, "53.18.01.2003", name="Sri Contoh", phone="0812-0000-4321"))


def test_nodes_and_edges_count_reports() -> None:
    network = network_of([WAYAN])
    assert {
        (n.kind, n.label): n.reports for n in network.nodes if n.kind in ("phone", "company", "route")
    } == {
        ("phone", "+6281200004321"): 2,
        ("company", "PT Maju Contoh"): 1,
        ("route", "Batam"): 2,
    }
    edges = {(e.one, e.other): e.reports for e in network.edges}
    assert edges["person:1", "phone:+6281200004321"] == 2
    assert edges["village:53.18.01.2003", "person:1"] == 1
    assert edges["phone:+6281200004321", "route:batam"] == 2


def test_two_people_meet_in_what_marks_both() -> None:
    edges = {(e.one, e.other) for e in network_of([WAYAN, SRI]).edges}
    assert {("person:1", "phone:+6281200004321"), ("person:2", "phone:+6281200004321")} <= edges


def test_the_order_of_reports_changes_nothing_but_their_own() -> None:
    shuffled = Group(1, WAYAN.label, WAYAN.reports[::-1])
    assert draw(network_of([shuffled, SRI])) == draw(network_of([WAYAN, SRI]))


def test_boxes_lie_apart_and_edges_touch_their_ends() -> None:
    chance = random.Random(7)
    reports = [
        told(n, f"52.02.08.{2000 + n}", name=f"Nama{n}", phone=f"0812-0000-{1000 + chance.randrange(9)}")
        for n in range(30)
    ]
    drawing = draw(network_of([group(1, *reports), group(2, *reports[:5])]))
    boxes = {one.node.key: one for one in drawing.nodes}
    places = sorted((one.x, one.y) for one in drawing.nodes)
    for (x1, y1), (x2, y2) in zip(places, places[1:], strict=False):
        assert x1 != x2 or y2 - y1 >= NODE_HEIGHT
    for one in drawing.nodes:
        assert 0 <= one.x <= drawing.width - NODE_WIDTH
        assert 0 <= one.y <= drawing.height - NODE_HEIGHT
    for edge in drawing.edges:
        assert edge.x1 == boxes[edge.edge.one].x + NODE_WIDTH
        assert edge.x2 == boxes[edge.edge.other].x
        assert edge.x1 < edge.x2
    assert drawing.left_out == 30 - MOST_OF_A_COLUMN
    assert sum(COLUMN[one.node.kind] == 0 for one in drawing.nodes) == MOST_OF_A_COLUMN


def test_a_network_of_nothing_can_be_drawn() -> None:
    assert draw(network_of([])).nodes == ()
