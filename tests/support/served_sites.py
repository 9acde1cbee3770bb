"""What `tests/security` attacks: the sites of a village and its hub in processes of their own."""

from __future__ import annotations

from dataclasses import dataclass

from processes import Program, Scene

NAME, PASSWORD = "sari", "kentongan bertalu-talu"
"""An analyst of the hub."""


@dataclass(frozen=True)
class Served:
    """The sites of one village and its hub."""

    scene: Scene
    node: Program
    hub: Program
    radios: tuple[str, ...]
    """The node's, the hub's, and one for somebody else on the same air."""

    @property
    def public(self) -> str:
        return str(self.node.ready["url"])

    @property
    def facilitator(self) -> str:
        return str(self.node.ready["facilitator_url"])

    @property
    def office(self) -> str:
        return str(self.hub.ready["url"])
