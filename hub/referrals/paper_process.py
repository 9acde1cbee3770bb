"""Draws a PDF in a process that ends: ReportLab stays out of the one that serves."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

DRAWING_TIMEOUT_S: Final = 60


class PaperFailed(Exception):
    """The PDF could not be drawn."""


def draw_in_child(content: dict[str, Any], module: str = "hub.referrals.paper") -> bytes:
    """Return the PDF that a module draws; by default that of a dossier. The content goes over a pipe: nothing
    of it stands in arguments or on disk.

    Raises PaperFailed, with nothing of the content in it.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module],
            input=json.dumps(content).encode("utf-8"),
            capture_output=True,
            timeout=DRAWING_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        raise PaperFailed from None
    return done.stdout
