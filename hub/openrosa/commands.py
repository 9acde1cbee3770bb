"""`kentongan hub xlsform`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

from sync.command_line import print_json, refuse

Opening = Callable[[Path], AbstractContextManager[Any]]
FILE = click.Path(path_type=Path, dir_okay=False)


def add_openrosa_commands(hub: click.Group, opening: Opening) -> None:
    """Put the command into the group; `opening` opens the store of a hub's folder."""

    @hub.command("xlsform")
    @click.argument("out", metavar="OUT.xlsx", type=FILE)
    @click.option("--xform", "xform_file", metavar="FILE", type=FILE, help="The same form as XForm, too.")
    @click.option(
        "--villages",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Write villages.csv with the villages of this hub beside OUT.xlsx: another server needs both.",
    )
    def xlsform_command(out: Path, xform_file: Path | None, villages: Path | None) -> None:
        """Write the report's form as XLSForm, for ODK Central, KoboToolbox or Excel."""
        from hub.openrosa.form import FORM_ID, VILLAGES_FILE, version
        from hub.openrosa.xform import xform, xlsform

        made = {out: xlsform()}
        if xform_file is not None:
            made[xform_file] = xform()
        if villages is not None:
            from hub.services import SignedIn
            from hub.web.openrosa import villages_csv

            with opening(villages) as store:
                made[out.with_name(VILLAGES_FILE)] = villages_csv(store.phones, SignedIn("", "administrator"))
        for file, content in made.items():
            try:
                file.write_bytes(content)
            except OSError as error:
                refuse(f"cannot write a file ({error.strerror}): choose another place")
        print_json({"form": FORM_ID, "version": version(), "files": [str(file) for file in made]})
