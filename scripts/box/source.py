"""Where the program comes from: this checkout with the package index, or a bundle without any network."""

from __future__ import annotations

import re
from pathlib import Path

from box.machine import Failed


def wheels_of(bundle: str) -> str:
    """Return the folder of wheels in a bundle of scripts/make-bundle; empty without one. Raises `Failed`."""
    if not bundle:
        return ""
    wheels = Path(bundle).resolve() / "wheels"
    if not wheels.is_dir():
        raise Failed(f"{bundle} is no bundle of scripts/make-bundle: it has no folder wheels")
    return str(wheels)


def version_of(checkout: Path, bundle: str) -> str:
    """Return the version that would be installed; raise `Failed` where none can be told."""
    if bundle:
        found = sorted(Path(bundle, "wheels").glob("kentongan-*.whl"))
        if len(found) != 1:
            raise Failed(f"{bundle} holds {len(found)} wheels of Kentongan, and one is needed")
        return found[0].name.split("-")[1]
    match = re.search(r"^version = (\S+)$", (checkout / "setup.cfg").read_text("utf-8"), re.MULTILINE)
    if match is None:
        raise Failed("setup.cfg names no version")
    return match[1]
