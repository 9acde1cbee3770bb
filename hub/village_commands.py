"""`kentongan hub nodes`, `content` and `bulletin`: the villages, and what the hub says to them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from hub.bulletins.topics import TOPICS
from sync.command_line import note, print_json, refuse

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

    _add_bulletin(hub, open_store)


def _add_bulletin(hub: click.Group, open_store: OpenStore) -> None:
    @hub.command()
    @DIR
    @click.option(
        "--villages",
        metavar="CODE,...",
        help="Area codes of villages; a warning has one code, of any area. Default: every village.",
    )
    @click.option(
        "--level",
        type=click.Choice(["information", "warning", "danger"]),
        default="information",
        show_default=True,
        help="How much it matters.",
    )
    @click.option(
        "--topic",
        type=click.Choice(list(TOPICS)),
        default="general",
        show_default=True,
        help="What a warning is about.",
    )
    @click.option(
        "--opportunity",
        type=click.Choice(["training", "job", "scholarship", "cooperative"]),
        help="It is no bulletin but a lawful chance of this kind, which goes out at once.",
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
        topic: str,
        opportunity: str | None,
        days: int,
        public: bool | None,
        text: str,
    ) -> None:
        """Write a bulletin that a second person sends, on the page /buletin. TEXT "-" is read from standard
        input.

        Name no suspect and no victim: anybody in the village may read it. Numbers of persons are refused.
        """
        told = sys.stdin.read() if text == "-" else text
        with open_store(folder) as store:
            if opportunity is None:
                print_json(_propose(store, villages or "", level, topic, days, bool(public), told))
            else:
                print_json(_offer(store, villages, opportunity, days, public is not False, told))


def _propose(
    store: Any, area: str, level: str, topic: str, days: int, public: bool, text: str
) -> dict[str, object]:
    """Keep a warning that waits for a second person, as one that was written on the page."""
    from hub.bulletins.services import BulletinDraft, BulletinRefused
    from hub.languages import speaking, translate
    from hub.services import COMMAND_LINE, SignedIn
    from sync.wire.numbers import BulletinLevel

    if "," in area:
        refuse("a warning goes to one area: give one code, such as 52.02 or 52.02.08.2001, or none for all")
    who, bulletins = SignedIn(COMMAND_LINE, "supervisor"), store.bulletins
    until = bulletins.today() + timedelta(days=days)
    draft = BulletinDraft(
        "Actual", topic, int(BulletinLevel[level.upper()]), "Likely", area, until, public, text.strip()
    )
    checked = bulletins.check(draft, who=who)
    with speaking("en"):
        if not checked.villages:
            refuse("no box that has spoken is in that area (see kentongan hub nodes DIR)")
        if checked.problems:
            refuse(translate(checked.problems[0].text))
        try:
            number = bulletins.save(None, draft, who=who)
            bulletins.submit(number, who=who)
        except BulletinRefused as refused:
            refuse(translate(str(refused)))
    note(f"nothing was sent: a supervisor reads and approves it on the page /buletin/{number}")
    return {"bulletin": number, "villages": checked.villages, "bytes_left": checked.bytes_left}


def _offer(
    store: Any, villages: str | None, opportunity: str, days: int, public: bool, text: str
) -> dict[str, object]:
    """Sign a lawful chance and send it to villages."""
    from hub.notice_services import NoticeDraft, NoticeRefused
    from sync.wire.numbers import NoticeKind, OpportunityKind

    codes = None if villages is None else set(villages.split(","))
    chosen = [c for c in store.notices.choices() if codes is None or c.village in codes]
    missing = set() if codes is None else codes - {choice.village for choice in chosen}
    if missing or not chosen:
        refuse("a village of --villages has no box that has spoken yet (see kentongan hub nodes DIR)")
    draft = NoticeDraft(
        kind=NoticeKind.OPPORTUNITY,
        level=int(OpportunityKind[opportunity.upper()]),
        public=public,
        until=store.notices.today() + timedelta(days=days),
        text=text,
        nodes=tuple(choice.node for choice in chosen),
    )
    try:
        serial = store.notices.write(draft, by=store.identity.name)
    except NoticeRefused as refused:
        refuse(_OFFER_RULES[refused.field])
    return {"serial": serial, "villages": len(chosen), "packet_bytes": store.notices.packet_bytes(draft)}


_OFFER_RULES = {
    "text": "an opportunity has 1 to 1000 characters",
    "until": "--days is a number from 0 to 366",
    "level": "--opportunity is one of those in --help",
    "nodes": "no village was chosen",
}
