"""Load every compiled module of the packages in a folder, on whatever machine this runs, with Python alone.

`scripts/check-aarch64 --suite` runs this as a program on an emulated ARM board. `wheel_loading.py FOLDER`
prints JSON: the machine, how many packages lie there, how many modules were loaded, and which were not.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

FIRST = ("psycopg", "scipy.linalg._matfuncs_sqrtm")
"""Modules through which alone a compiled part can be loaded, on any machine."""
LEFT_OUT = ("PIL._imagingtk",)
"""It draws into windows of Tk, which no box has."""


def compiled_modules(folder: Path) -> list[str]:
    """Return the names of all modules that Python would load from compiled files below a folder."""
    names = set()
    for path in folder.rglob("*.so"):
        suffix = next((one for one in EXTENSION_SUFFIXES if path.name.endswith(one)), "")
        if suffix and not (suffix == ".so" and path.name.startswith("lib")):
            parts = (*path.relative_to(folder).parts[:-1], path.name.removesuffix(suffix))
            if all(part.isidentifier() for part in parts):
                names.add(".".join(parts))
    return sorted(names.difference(LEFT_OUT))


def load_all(folder: Path) -> tuple[int, list[str]]:
    """Import each; return how many were, and one line for each that was not."""
    loaded, problems = 0, []
    for name in (*FIRST, *compiled_modules(folder)):
        try:
            importlib.import_module(name)
        except Exception as error:
            problems.append(f"{name}: {type(error).__name__}: {error}")
        else:
            loaded += name not in FIRST
    return loaded, problems


def main() -> int:
    folder = Path(sys.argv[1])
    loaded, problems = load_all(folder)
    told = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "wheels": len(list(folder.glob("*.dist-info"))),
        "loaded": loaded,
        "problems": problems,
    }
    print(json.dumps(told))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
