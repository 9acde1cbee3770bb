"""The protobuf modules of the PyPI `meshtastic` package, loaded without the rest of it.

The only module of ours that imports that package. `import meshtastic` runs a client: it pulls in requests,
pubsub, serial and tabulate, 26 MB resident where the protobuf modules need 7 MB, and a village node has 60 MB
in all. So an empty package stands in for `meshtastic` while its protobuf modules are imported, and everything
is taken out of `sys.modules` again afterwards: a later, real `import meshtastic` loads modules of its own
with the same message classes, because protobuf keeps one class for each message type (tested).

Import it before other threads import `meshtastic`, which might else meet the stand-in.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshtastic.protobuf import (
        admin_pb2,
        channel_pb2,
        config_pb2,
        mesh_pb2,
        module_config_pb2,
        portnums_pb2,
        telemetry_pb2,
    )

__all__ = [
    "admin_pb2",
    "channel_pb2",
    "config_pb2",
    "mesh_pb2",
    "module_config_pb2",
    "portnums_pb2",
    "telemetry_pb2",
]


def _import_without_package(names: list[str]) -> list[ModuleType]:
    """Import modules of `meshtastic.protobuf`, running neither package's own code if it is not loaded yet.

    Raises ImportError when the package is not installed.
    """
    modules = [f"meshtastic.protobuf.{name}" for name in names]
    if "meshtastic" in sys.modules:
        return [importlib.import_module(name) for name in modules]
    spec = importlib.util.find_spec("meshtastic")  # finds a top-level package without running it
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("the meshtastic package is missing: pip install meshtastic")
    stand_in = ModuleType("meshtastic")
    stand_in.__path__ = list(spec.submodule_search_locations)
    sys.modules["meshtastic"] = stand_in
    try:
        return [importlib.import_module(name) for name in modules]
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "meshtastic"]:
            del sys.modules[name]


if not TYPE_CHECKING:
    for _name, _module in zip(__all__, _import_without_package(__all__), strict=True):
        globals()[_name] = _module
