"""`kentongan hub models`: the models that this hub may run for officers, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from hub.machine_reading.running import missing_library
from hub.machine_reading.services import KINDS
from hub.machine_reading.shelf import ABSENT, BadModel, Model, Shelf
from sync.command_line import print_json, refuse

FOLDER = "models"
DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
Refusing = Callable[[Path], AbstractContextManager[None]]


def add_model_commands(hub: click.Group, refusing: Refusing) -> None:
    """Put the commands into the group; `refusing` turns what goes wrong into one line."""

    @hub.group()
    def models() -> None:
        """Models for translation, speech and summaries, which you supply. Officers alone see what they
        make."""

    @models.command("list")
    @DIR
    def list_models(folder: Path) -> None:
        """Print the models, one JSON line each."""
        with refusing(folder):
            for model in _shelf(folder).models():
                print_json(_told(model))

    @models.command()
    @DIR
    def check(folder: Path) -> None:
        """Read every file of every model and say what is switched off. Exit 1 when a model is damaged."""
        with refusing(folder):
            found = list(findings(folder))
        for finding in found:
            print_json(finding)
        if any(not finding["ok"] for finding in found):
            raise SystemExit(1)

    @models.command()
    @DIR
    @click.argument("source", metavar="FILE", type=click.Path(path_type=Path, exists=True))
    @click.option("--name", default="", help="Default: as an Argos package says.")
    @click.option("--kind", type=click.Choice(KINDS), help="What it is for.")
    @click.option("--from", "from_language", default="", help="Its language, 2 or 3 letters: id, jv.")
    @click.option("--to", "to_language", default="", help="Into which it translates.")
    @click.option("--licence", required=True, help="Under which you may use it, such as MIT.")
    @click.option("--dated", required=True, help="When it was made: 2026, 2026-11 or 2026-11-26.")
    @click.option("--prompt", default="", help="Of a language model: what it is asked, with {text} in it.")
    def add(folder: Path, source: Path, **told: str | None) -> None:
        """Copy a model in: FILE is a package of Argos Translate or a folder. Prints what it is.

        The sums of its files are noted; a file that changes later never runs.
        """
        given = {key: told[key] or "" for key in ("name", "kind", "licence", "dated", "prompt")}
        given |= {"from": told["from_language"] or "", "to": told["to_language"] or ""}
        with refusing(folder):
            try:
                print_json(_told(_shelf(folder).add(source, given)))
            except BadModel as bad:
                refuse(str(bad))


def findings(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what `check` and `hub doctor` say of the models of a hub's folder. A missing model is no
    fault."""
    shelf = _shelf(folder)
    for name, wrong in shelf.problems().items():
        yield {
            "check": f"model {name}",
            "ok": False,
            "problem": wrong,
            "do": f"remove {shelf.folder / name}",
        }
    models = shelf.models()
    for kind in KINDS:
        of_kind = [model for model in models if model.kind == kind]
        do: str | None = None
        if not of_kind:
            do = f"{ABSENT[kind]}; to switch it on: kentongan hub models add {folder} FILE"
        elif (missing := missing_library(kind)) is not None:
            do = f"a model is there and switched off: {missing}"
        # A hub without models is whole.
        yield {"check": f"models for {kind}", "ok": True, "problem": None, "do": do}


def _shelf(folder: Path) -> Shelf:
    from hub import folder as hub_folder

    hub_folder.check(folder)
    return Shelf(folder / FOLDER)


def _told(model: Model) -> dict[str, Any]:
    return {
        "model": model.name,
        "kind": model.kind,
        "from": model.from_language,
        "to": model.to_language,
        "licence": model.licence,
        "dated": model.dated,
        "files": len(model.files),
    }
