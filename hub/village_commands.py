"""`kentongan hub nodes`, `content` and `bulletin`: the villages, and what the hub says to them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from sync.command_line import print_json, refuse

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
OpenStore = Callable[[Path], AbstractContextManager[Any]]


def add_village_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.command()
    @DIR
    def nodes(folder: Path) -> None:
        """Print the enrolled nodes, one JSON line each, with fingerprints to compare by voice."""
        from hub.doctor import node_lines

        with open_store(folder) as store:
            for line in node_lines(store):
                print_json(line)

    @hub.command()
    @DIR
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    def content(folder: Path, file: Path) -> None:
        """Send the signed pack of material in FILE to all villages, by whatever reaches them."""
        from content.errors import ContentRefused

        with open_store(folder) as store:
            try:
                manifest = store.content.add(file.read_bytes())
            except ContentRefused as refused:
                refuse(str(refused))
            except OSError as error:
                refuse(f"cannot read {file.name} ({error.strerror})")
            villages = len(store.content.villages())
        print_json(
            {"version": manifest.version, "made_at": manifest.made_at.isoformat(), "villages": villages}
        )

    @hub.command()
    @DIR
    @click.option("--villages", metavar="CODE,...", help="Area codes; default: every village of this hub.")
    @click.option(
        "--level",
        type=click.Choice(["information", "warning", "danger"]),
        default="information",
        show_default=True,
        help="How much it matters.",
    )
    @click.option(
        "--opportunity",
        type=click.Choice(["training", "job", "scholarship", "cooperative"]),
        help="It is no bulletin but a lawful chance of this kind.",
    )
    @click.option(
        "--days", type=click.IntRange(0, 366), default=30, show_default=True, help="How long it counts."
    )
    @click.option(
        "--public/--facilitator-only",
        default=None,
        help="Who sees it: everybody on the village's Wi-Fi, or the facilitator, who tells others. "
        "Default: everybody sees an opportunity, the facilitator a bulletin.",
    )
    @click.argument("text")
    def bulletin(
        folder: Path,
        villages: str | None,
        level: str,
        opportunity: str | None,
        days: int,
        public: bool | None,
        text: str,
    ) -> None:
        """Sign a bulletin and send it to villages. TEXT "-" is read from standard input.

        Name no suspect and no victim: anybody in the village may read it. Numbers of persons are refused.
        """
        from hub.notice_services import NoticeDraft, NoticeRefused
        from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind

        with open_store(folder) as store:
            codes = None if villages is None else set(villages.split(","))
            chosen = [c for c in store.notices.choices() if codes is None or c.village in codes]
            missing = set() if codes is None else codes - {choice.village for choice in chosen}
            if missing or not chosen:
                refuse("a village of --villages has no box that has spoken yet (see kentongan hub nodes DIR)")
            draft = NoticeDraft(
                kind=NoticeKind.BULLETIN if opportunity is None else NoticeKind.OPPORTUNITY,
                level=int(
                    BulletinLevel[level.upper()]
                    if opportunity is None
                    else OpportunityKind[opportunity.upper()]
                ),
                public=opportunity is not None if public is None else public,
                until=store.notices.today() + timedelta(days=days),
                text=sys.stdin.read() if text == "-" else text,
                nodes=tuple(choice.node for choice in chosen),
            )
            try:
                serial = store.notices.write(draft, by=store.identity.name)
            except NoticeRefused as refused:
                refuse(_BULLETIN_RULES[refused.field])
            packet = store.notices.packet_bytes(draft)
        print_json({"serial": serial, "villages": len(chosen), "packet_bytes": packet})


_BULLETIN_RULES = {
    "text": "a bulletin has 1 to 1000 characters and no number of a person; numbers of help may stand in it",
    "until": "--days is a number from 0 to 366",
    "level": "--level or --opportunity is one of those in --help",
    "nodes": "no village was chosen",
}
