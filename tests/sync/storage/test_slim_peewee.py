"""A node does not load PostgreSQL's driver, installed or not; a hub in the same process still can."""

from __future__ import annotations

import subprocess
import sys


def test_a_node_loads_peewee_without_the_driver_and_a_hub_brings_it() -> None:
    code = (
        "import sys; import village_node.wiring, peewee;"
        "assert not [m for m in sys.modules if m.startswith('psycopg')], 'a node loads the driver';"
        "from hub.storage.postgres import HubPostgres;"
        "assert HubPostgres('postgresql://x/y').database == 'y'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
