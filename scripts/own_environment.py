"""How a script of this repository enters `.venv`: nobody has to activate it first.

A script says `ROOT = enter()` before it imports anything that is not the standard library's.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def enter() -> Path:
    """Start the script anew with the Python of `.venv`, where there is one, and return the repository.

    Its packages and the tests' support can be imported afterwards. A script that is loaded stays where it is.
    """
    own = ROOT / ".venv"
    python = own / "bin" / "python"
    is_script = Path(sys.argv[0]).resolve().parent == ROOT / "scripts"
    if is_script and python.exists() and Path(sys.prefix) != own:
        os.execv(python, [str(python), *sys.argv])
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
    return ROOT
