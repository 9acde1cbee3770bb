"""`kentongan hub enrol`, `compared`, `revoke`, `take-late`: how a box joins, is vouched for, is shut out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hub.village_commands import DIR, OpenStore
from sync.command_line import note, print_json, refuse, refuse_what_is_there

_NODE = click.option(
    "--node", "number", required=True, type=click.IntRange(min=1), help="The number of the box."
)
_BY = click.option("--by", help="Whose name is noted at the hub; default: the name of the hub.")
_FILE = click.Path(path_type=Path, dir_okay=False)


def add_enrol_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the commands into the group; `open_store` turns what goes wrong into one line."""

    @hub.command("enrol")
    @DIR
    @click.option(
        "--village", required=True, metavar="CODE", help="Kemendagri area code, e.g. 52.02.08.2001."
    )
    @click.option(
        "--village-name",
        default="",
        help="Shown on the village's pages, without the word Desa; default: as of its box before.",
    )
    @click.option("--hub-url", metavar="URL", help="Where the node finds the hub on the internet.")
    @click.option("--out", required=True, type=_FILE, help="The file to write; it must not exist.")
    @click.option("--qr", type=_FILE, help="Also write its QR code, a PNG.")
    @click.option(
        "--sheet", type=_FILE, help="Also write a page to print: QR code, lines to type, steps; PDF."
    )
    @click.option(
        "--days",
        default=30,
        show_default=True,
        type=click.IntRange(1, 3650),
        help="So long a box can be made out of it.",
    )
    @click.option(
        "--replace", is_flag=True, help="The village's box or card is lost: what it says counts no more."
    )
    @click.option(
        "--relay",
        is_flag=True,
        help="A further box at the hub, which serves the village's Telegram bot while it has no internet.",
    )
    @click.option("--material", type=_FILE, help="Also write the signed material with which the box begins.")
    def enrol_node(
        folder: Path,
        out: Path,
        qr: Path | None,
        sheet: Path | None,
        material: Path | None,
        days: int,
        **given: Any,
    ) -> None:
        """Write the one FILE that a node needs to join. It holds a key: hand it over like one.

        It carries the radio's settings of the village's area (kentongan hub radio) and names the hub's newest
        material, which --material writes; node init takes it from beside the FILE.
        """
        from hub.enrolling import EnrolFailed, enrol

        files = _Files(out, qr, sheet, material)
        for file in files.paths:
            refuse_what_is_there(file, "an enrolment")
        with open_store(folder) as store:
            now_s, more = store.clock.wall_s(), store.more_of(given["village"])
            files = replace(files, pack=None if more.pack is None else more.pack[1])
            if material is not None and files.pack is None:
                refuse(
                    "this hub has no material of its own yet: leave out --material (kentongan hub content)"
                )
            ends = datetime.fromtimestamp(now_s + days * 86_400).astimezone().date()
            try:
                enrolment = enrol(
                    store.database,
                    store.writer,
                    store.identity,
                    now_s=now_s,
                    usable_days=days,
                    audit=store.audit,
                    by=store.identity.name,
                    hand_out=lambda made: files.write(made, ends),
                    more=more,
                    **given,
                )
            except EnrolFailed as error:
                refuse(str(error))
            except OSError as error:
                refuse(
                    f"cannot write {error.filename or out} ({error.strerror}): "
                    "name files in a folder that is there; nothing was enrolled"
                )
        print_json(
            {
                "village": enrolment.village,
                "node": enrolment.node_number,
                "file": str(out),
                "ends": ends.isoformat(),
                "radio": None if enrolment.radio is None else enrolment.radio.key_fingerprint,
                "material": None if enrolment.material is None else enrolment.material.version,
            }
        )
        if sheet is not None or qr is not None:
            note(
                "The QR code holds the key itself: burn the paper and delete photos once the box has spoken."
            )

    _add_vouching(hub, open_store)
    _add_late(hub, open_store)


def _add_vouching(hub: click.Group, open_store: OpenStore) -> None:
    @hub.command()
    @DIR
    @_NODE
    @click.option("--fingerprint", required=True, help="The 20 digits that were read out at the box.")
    @_BY
    def compared(folder: Path, number: int, fingerprint: str, by: str | None) -> None:
        """Note that a box's fingerprint was compared by voice. Another one is refused."""
        from hub.boxes import BoxRefused, mark_compared

        with open_store(folder) as store:
            try:
                mark_compared(
                    store.database,
                    store.writer,
                    store.audit,
                    number,
                    heard=fingerprint,
                    by=by or store.identity.name,
                    now_s=store.clock.wall_s(),
                )
            except BoxRefused as refused:
                refuse(str(refused))
        print_json({"node": number, "compared": True})

    @hub.command()
    @DIR
    @_NODE
    @_BY
    def revoke(folder: Path, number: int, by: str | None) -> None:
        """Shut out a box that was stolen, or an enrolment that is lost: what it says counts no more."""
        from hub.boxes import BoxRefused
        from hub.boxes import revoke as shut_out

        with open_store(folder) as store:
            try:
                shut_out(
                    store.database,
                    store.writer,
                    store.audit,
                    number,
                    by=by or store.identity.name,
                    now_s=store.clock.wall_s(),
                )
            except BoxRefused as refused:
                refuse(str(refused))
        print_json({"node": number, "revoked": True})
        note("What it sent before stays. Enrol the village anew: kentongan hub enrol.")


def _add_late(hub: click.Group, open_store: OpenStore) -> None:
    @hub.command("take-late")
    @DIR
    @click.argument("file", type=_FILE)
    @_NODE
    @click.option("--reason", required=True, help="Why; it is noted at the hub. No name of a person.")
    @_BY
    def take_late(folder: Path, file: Path, number: int, reason: str, by: str | None) -> None:
        """Take in what a box that was shut out or replaced still held, from its courier FILE.

        Only a person decides that: whoever had the box could write reports with it. They stand at the hub as
        reports of that box; the box itself is told nothing and stays shut out.
        """
        from hub.late_reports import NotLate, take_late_reports
        from hub.link_desk import UnknownSender
        from sync.carriers.courier import read_bundle

        with open_store(folder) as store:
            try:
                bundle = read_bundle(file)
                imported = take_late_reports(
                    store, number, bundle, by=by or store.identity.name, reason=reason
                )
            except NotLate as refused:
                refuse(str(refused))
            except UnknownSender:
                refuse("this file is not of that box: nothing was taken in")
        print_json({"node": number, "envelopes": imported.envelopes, "new": imported.new})


@dataclass(frozen=True)
class _Files:
    """What an enrolment is written into: all of them or none."""

    out: Path
    qr: Path | None
    sheet: Path | None
    material: Path | None = None
    pack: bytes | None = None

    @property
    def paths(self) -> list[Path]:
        return [one for one in (self.out, self.qr, self.sheet, self.material) if one is not None]

    def write(self, enrolment: Any, ends: Any) -> None:
        from hub.enrolment_paper import draw_enrolment, qr_png
        from sync.storage.private_files import write_private

        try:
            write_private(self.out, enrolment.to_text())
            if self.qr is not None:
                write_private(self.qr, qr_png(enrolment))
            if self.sheet is not None:
                write_private(self.sheet, draw_enrolment(enrolment, ends_on=ends))
            if self.material is not None and self.pack is not None:
                write_private(self.material, self.pack)
        except OSError:
            # Nothing of an enrolment that is not made stays: it looks like one that is.
            for file in self.paths:
                file.unlink(missing_ok=True)
            raise
