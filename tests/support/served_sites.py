"""What `tests/security` attacks: the sites of a village and its hub in processes of their own."""

from __future__ import annotations

import resource
from dataclasses import dataclass

from processes import Program, Scene

NAME, PASSWORD = "sari", "kentongan bertalu-talu"
"""An analyst of the hub."""
OPEN_FILES = 1024


@dataclass(frozen=True)
class Served:
    """The sites of one village and its hub."""

    scene: Scene
    hub: Program
    radios: tuple[str, ...]
    """The node's, the hub's, and one for somebody else on the same air."""
    first_pin: str
    """The code that makes the facilitator's PIN."""

    @property
    def node(self) -> Program:
        """The node that runs now: a test may pull its plug and start it again."""
        assert self.scene.node is not None
        return self.scene.node

    def start_node(self) -> Program:
        """Start the node, on the address that it had before."""
        node = self.scene.start_node(
            *("--facilitator-listen", "127.0.0.1:0", "--site-address", "http://10.42.0.1"),
            *("--radio", self.radios[0]),
        )
        # What Debian gives a service at first.
        resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        return node

    @property
    def public(self) -> str:
        return str(self.node.ready["url"])

    @property
    def facilitator(self) -> str:
        return str(self.node.ready["facilitator_url"])

    @property
    def office(self) -> str:
        return str(self.hub.ready["url"])
