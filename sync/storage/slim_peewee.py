"""Load peewee without PostgreSQL's driver: it takes it along wherever it is installed, 16 MB more in a node.

Imported by `village_node/__init__.py`, before anything of a node. The hub brings the driver to peewee itself.
"""

from __future__ import annotations

import sys

_DRIVER = "psycopg"

if "peewee" not in sys.modules and _DRIVER not in sys.modules:
    sys.modules[_DRIVER] = None  # type: ignore[assignment]  # an import of it fails meanwhile
    try:
        import peewee  # noqa: F401
    finally:
        del sys.modules[_DRIVER]
