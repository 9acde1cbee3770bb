"""The network of a person of interest out of confirmed links: nodes, edges, and where each stands. Pure.

Four columns: villages, people, what marks them (phones, companies, accounts, plates), ways and destinations.
Each edge runs between two columns, so that a picture with forty nodes can still be read, and its place is
the same each time it is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hub.links.profile import Told, profile_of

NodeKind = Literal["village", "person", "phone", "company", "account", "plate", "route", "destination"]

COLUMN: Final[dict[NodeKind, int]] = {
    "village": 0,
    "person": 1,
    "phone": 2,
    "company": 2,
    "account": 2,
    "plate": 2,
    "route": 3,
    "destination": 3,
}
MOST_OF_A_COLUMN: Final = 12
"""More would not fit: those that most reports tell are drawn, the table has all."""

COLUMN_WIDTH, ROW_HEIGHT, MARGIN = 210, 44, 14
NODE_WIDTH, NODE_HEIGHT = 150, 30


@dataclass(frozen=True, slots=True)
class Node:
    """Something in the network; `reports` tell of it. `key` is unique within the network."""

    key: str
    kind: NodeKind
    label: str
    reports: int
    number: int | None = None
    """Of a person of interest."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two nodes that the same reports tell of."""

    one: str
    other: str
    reports: int


@dataclass(frozen=True, slots=True)
class Network:
    """All nodes and edges, in the order of the table."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, key: str) -> Node:
        """Return a node by its key; raise StopIteration for none."""
        return next(node for node in self.nodes if node.key == key)


@dataclass(frozen=True, slots=True)
class Group:
    """The reports of one person of interest."""

    number: int
    label: str
    reports: tuple[Told, ...]


def network_of(groups: Sequence[Group]) -> Network:
    """Return the network of people of interest: the one that is asked for, and those that share a mark."""
    nodes: dict[str, Node] = {}
    edges: Counter[tuple[str, str]] = Counter()
    for group in groups:
        person = f"person:{group.number}"
        nodes[person] = Node(person, "person", group.label, len(group.reports), group.number)
        for one in group.reports:
            around = _around(one)
            for key, kind, label in around:
                told = nodes.get(key)
                nodes[key] = Node(key, kind, label, 1 + (told.reports if told else 0))
            for key, kind, _ in around:
                if COLUMN[kind] in (0, 2):
                    edges[(key, person) if COLUMN[kind] == 0 else (person, key)] += 1
            ways = [key for key, kind, _ in around if COLUMN[kind] == 3]
            # A way belongs to what marks the person where a report tells both, else to the person.
            marks = [key for key, kind, _ in around if COLUMN[kind] == 2] or [person]
            for way in ways:
                for mark in marks:
                    edges[mark, way] += 1
    ordered = sorted(nodes.values(), key=lambda n: (COLUMN[n.kind], n.kind, -n.reports, n.label, n.key))
    place = {node.key: at for at, node in enumerate(ordered)}
    return Network(
        tuple(ordered),
        tuple(
            Edge(one, other, count)
            for (one, other), count in sorted(edges.items(), key=lambda e: (place[e[0][0]], place[e[0][1]]))
        ),
    )


def _around(one: Told) -> list[tuple[str, NodeKind, str]]:
    said = profile_of([one])
    parts: tuple[tuple[NodeKind, tuple[tuple[str, int], ...]], ...] = (
        ("phone", said.phones),
        ("company", said.companies),
        ("account", said.accounts),
        ("plate", said.plates),
        ("route", said.routes),
        ("destination", said.destinations),
    )
    where = one.village_name or one.village
    return [
        (f"village:{one.village}", "village", where),
        *((f"{kind}:{label.casefold()}", kind, label) for kind, found in parts for label, _ in found),
    ]


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A node and its box; x and y are its upper left corner."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """An edge from the right side of one box to the left side of another."""

    edge: Edge
    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A network as it is drawn, in units of one pixel; `left_out` nodes found no room."""

    width: int
    height: int
    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]
    left_out: int


def draw(network: Network) -> Drawing:
    """Give each node its place: in its column, near the middle of its neighbours to the left."""
    columns: dict[int, list[Node]] = {column: [] for column in range(4)}
    for node in network.nodes:
        columns[COLUMN[node.kind]].append(node)
    left_out = 0
    for column, nodes in columns.items():
        best = sorted(nodes, key=lambda n: (-n.reports, n.label, n.key))[:MOST_OF_A_COLUMN]
        left_out += len(nodes) - len(best)
        columns[column] = [node for node in nodes if node in best]
    kept = {node.key for nodes in columns.values() for node in nodes}
    rows = max(1, *(len(nodes) for nodes in columns.values()))
    height = 2 * MARGIN + rows * ROW_HEIGHT
    centre: dict[str, float] = {}
    placed: list[PlacedNode] = []
    used = [column for column in range(4) if columns[column]]
    for at, column in enumerate(used):
        nodes = columns[column]
        if at:
            nodes = sorted(nodes, key=lambda n: (_middle(n.key, network, centre), n.kind, n.label, n.key))
        top = (height - len(nodes) * ROW_HEIGHT) / 2
        for row, node in enumerate(nodes):
            y = top + row * ROW_HEIGHT + (ROW_HEIGHT - NODE_HEIGHT) / 2
            centre[node.key] = y + NODE_HEIGHT / 2
            placed.append(PlacedNode(node, MARGIN + at * COLUMN_WIDTH, round(y)))
    box = {one.node.key: one for one in placed}
    edges = tuple(
        PlacedEdge(
            edge,
            box[edge.one].x + NODE_WIDTH,
            box[edge.one].y + NODE_HEIGHT // 2,
            box[edge.other].x,
            box[edge.other].y + NODE_HEIGHT // 2,
        )
        for edge in network.edges
        if edge.one in kept and edge.other in kept
    )
    width = 2 * MARGIN + (len(used) - 1) * COLUMN_WIDTH + NODE_WIDTH
    return Drawing(width, height, tuple(placed), edges, left_out)


def _middle(key: str, network: Network, centre: dict[str, float]) -> float:
    beside = [
        centre[end]
        for edge in network.edges
        for end, to in ((edge.one, edge.other), (edge.other, edge.one))
        if to == key and end in centre
    ]
    return sum(beside) / len(beside) if beside else 0.0
