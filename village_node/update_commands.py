"""`kentongan node update`: a release from a stick, for a box without internet."""

from __future__ import annotations

from pathlib import Path

import click

from sync.command_line import note, print_json, refuse
from sync.errors import EnrolmentRefused
from updater.release_file import ReleaseRefused
from village_node.folder import load


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def update(folder: Path, file: Path) -> None:
    """Hand the signed release in FILE to the updater of this box.

    It is looked at first; the updater looks again, installs it beside the running version and tries it. Run
    it as the box's account. What came of it is in `status`, under "update".
    """
    from village_node.release_keys import own_slots
    from village_node.releases import hand_over, inbox_of

    try:
        public = load(folder).enrolment.release_public
        manifest = hand_over(file, inbox_of(folder), [] if public is None else [public], own_slots())
    except (EnrolmentRefused, ReleaseRefused) as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"cannot hand over {file.name} ({error.strerror}): run this as the box's account")
    print_json({"version": manifest.version, "bytes": file.stat().st_size, "changes": manifest.changes})
    note("It is tried now: kentongan node status DIR says within a quarter of an hour what came of it.")
