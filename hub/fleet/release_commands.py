"""`kentongan hub release`: signed releases of the program for the boxes, offered in stages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hub.services import COMMAND_LINE
from sync.command_line import print_json, refuse
from updater.release_file import MAX_RELEASE_BYTES, ReleaseRefused

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_release_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.group()
    def release() -> None:
        """Signed releases of the program for the boxes."""

    @release.command()
    @DIR
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    def add(folder: Path, file: Path) -> None:
        """Keep the signed release in FILE. No box gets it before it is offered."""
        try:
            if file.stat().st_size > MAX_RELEASE_BYTES:
                refuse(f"a release has at most {MAX_RELEASE_BYTES} bytes")
            data = file.read_bytes()
        except OSError as error:
            refuse(f"cannot read {file.name} ({error.strerror})")
        with open_store(folder) as store:
            try:
                manifest = store.fleet.releases.add(data)
            except ReleaseRefused as error:
                refuse(str(error))
        print_json({"version": manifest.version, "machine": manifest.machine, "bytes": len(data)})

    @release.command("list")
    @DIR
    def list_releases(folder: Path) -> None:
        """Print the releases that are here, one JSON object each, the newest first."""
        with open_store(folder) as store:
            for one in store.fleet.releases.shelf():
                print_json(asdict(one))

    _add_keys(release)
    _add_offer(release, open_store)


def public_key_of(typed: str, name: str) -> bytes:
    """Return an Ed25519 public key that somebody typed; raise click.BadParameter for `name`."""
    try:
        key = bytes.fromhex(typed)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise click.BadParameter("64 hexadecimal digits", param_hint=name)
    return key


def _add_offer(release: click.Group, open_store: OpenStore) -> None:
    @release.command()
    @DIR
    @click.argument("version")
    @click.option("--area", default="", metavar="CODE", help="Boxes of this area; default: all.")
    @click.option("--node", "nodes", type=int, multiple=True, help="This box; may be repeated.")
    @click.option("--first", type=int, help="The box that gets it first.")
    @click.option("--reason", required=True, help="Why, for the log.")
    def offer(
        folder: Path, version: str, area: str, nodes: tuple[int, ...], first: int | None, reason: str
    ) -> None:
        """Offer VERSION to boxes in stages: one, a tenth, the rest; it halts where one goes back."""
        from hub.fleet.rollout_services import Choice, RolloutRefused

        with open_store(folder) as store:
            if version not in {one.version for one in store.fleet.releases.shelf()}:
                refuse(f"version {version[:20]} is not here: add it first (kentongan hub release add)")
            try:
                choice = Choice(area, nodes, first)
                number = store.fleet.rollouts.begin("release", version, choice, reason, who=COMMAND_LINE)
            except RolloutRefused as error:
                refuse(str(error))
        print_json({"rollout": number})


def _add_keys(release: click.Group) -> None:
    @release.command()
    @DIR
    @click.argument("chain", required=False, type=click.Path(path_type=Path, dir_okay=False))
    @click.option("--first", metavar="HEX", help="The public key of a hub that was made without one.")
    def keys(folder: Path, chain: Path | None, first: str | None) -> None:
        """Print which release key counts, and which spare keys may name the next one.

        With CHAIN, what scripts/name-release-keys wrote: take its statements first. New enrolments carry the
        key that it names last, and releases and material must be signed by that one. Boxes learn the first
        key from their enrolment: those of before take no release and no material. Start the hub's services
        anew after a change, on each of its machines, where each has this to do.
        """
        from hub.folder import HubBusy, NotAHub, keep_release_chain, keep_release_key

        public = None if first is None else public_key_of(first, "--first")
        try:
            if public is not None and not keep_release_key(folder, public):
                refuse("this hub has another release key, and its boxes go by that one: nothing was changed")
            trust = keep_release_chain(folder, b"" if chain is None else chain.read_bytes())
        except (ReleaseRefused, NotAHub, HubBusy) as error:
            refuse(str(error))
        except OSError as error:
            refuse(f"cannot read or keep what was given ({error.strerror})")
        print_json(
            {
                "epoch": trust.epoch,
                "release": [key.hex() for key in trust.release],
                "spares": [key.hex() for key in trust.spares],
                "replaced": [key.hex() for key in trust.former],
            }
        )
