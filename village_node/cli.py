"""`kentongan node ...`: set up, serve, and look after one village node."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import click
import peewee

from sync.command_line import listen_option, note, print_json, refuse, stop_on_signals
from sync.errors import AttachmentRefused, CarrierError, EnrolmentRefused, MalformedWire
from sync.handin import HandIn, NodeNotRunning
from sync.identifiers import receipt_code_digits
from village_node.backup_commands import backup, restore
from village_node.captive_portal import site_address
from village_node.config import NodeConfig
from village_node.content_commands import content
from village_node.damaged_store import DamagedLog
from village_node.folder import NodeBusy
from village_node.init_command import init
from village_node.pin_commands import facilitator_code, pin
from village_node.radio_commands import setup_radio
from village_node.settings_commands import settings
from village_node.update_commands import update

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def node() -> None:
    """The node in a village: takes reports, seals them, carries them to the hub."""


for _one in (init, facilitator_code, backup, restore, content, pin, settings, setup_radio, update):
    node.add_command(_one)


def _dense_option(command: Any) -> Any:
    return click.option(
        "--dense-text/--quick-text",
        default=True,
        show_default=True,
        help="Write reports in the dense text model (fewer bytes on the air, 20 MB of memory) where that "
        "keeps nobody waiting; --quick-text never does, for slow boards.",
    )(command)


def _checked_site_address(_context: click.Context, _parameter: click.Parameter, address: str) -> str:
    try:
        return site_address(address) if address else ""
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _speed_option(command: Any) -> Any:
    return click.option(
        "--speed",
        default=1.0,
        hidden=True,
        type=click.FloatRange(min=0, min_open=True),
        help="Faster clocks.",
    )(command)


@node.command()
@DIR
@listen_option("--listen", "127.0.0.1:8080", "Where the public site listens.")
@listen_option("--facilitator-listen", None, "Where the facilitator's site listens (off by default).")
@click.option(
    "--site-address",
    default="",
    metavar="URL",
    callback=_checked_site_address,
    help="How phones reach the public site, such as http://10.42.0.1; joining the Wi-Fi then opens it.",
)
@click.option(
    "--radio",
    "radio_url",
    metavar="URL",
    help="tcp://HOST:PORT, serial:PATH or serial:auto of a Meshtastic radio.",
)
@click.option("--hub", "hub_url", metavar="URL", help="https://... of the hub, for when there is internet.")
@click.option("--ca-file", type=click.Path(exists=True), help="Certificate to trust for the hub.")
@click.option(
    "--gateway/--no-gateway",
    default=True,
    show_default=True,
    help="With radio and internet: pass on sealed frames of other nodes.",
)
@click.option(
    "--wait",
    nargs=2,
    type=float,
    default=(5.0, 60.0),
    show_default=True,
    metavar="MIN MAX",
    help="Minutes that ordinary reports wait, at random between the two.",
)
@click.option(
    "--internet-every",
    default=15.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="How often the hub is asked when there is internet.",
)
@click.option(
    "--duty-cycle",
    default=0.10,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of the time that the radio may send.",
)
@_dense_option
@_speed_option
def serve(folder: Path, **options: Any) -> None:
    """Serve the village: site, socket, radio, internet, jobs. Prints the address as JSON when ready."""
    from village_node.serving import serve_node

    low, high = options["wait"]
    if not 0 <= low <= high:
        raise click.BadParameter("two numbers of minutes, the smaller first", param_hint="--wait")
    config = NodeConfig(
        folder=folder,
        listen=options["listen"],
        facilitator_listen=options["facilitator_listen"],
        site_address=options["site_address"],
        radio_url=options["radio_url"],
        hub_url=options["hub_url"],
        ca_file=options["ca_file"],
        gateway=options["gateway"],
        wait_min_s=low * 60,
        wait_max_s=high * 60,
        internet_every_s=options["internet_every"] * 60,
        duty_cycle=options["duty_cycle"],
        dense_text=options["dense_text"],
        speed=options["speed"],
    )
    try:
        serve_node(config, stop_on_signals())
    except EXPECTED as error:
        refuse(_say(error))


def _say(error: Exception) -> str:
    if isinstance(error, NodeBusy):
        return (
            "another process of this node is running in this folder: "
            "stop it first (kentongan node doctor DIR shows it)"
        )
    if isinstance(error, peewee.PeeweeException | OSError) and not isinstance(error, ValueError | DamagedLog):
        return (
            f"the node's files cannot be used ({type(error).__name__}): run kentongan node doctor DIR; "
            "is the disk full, and does the folder belong to this user?"
        )
    return str(error)


def _expected() -> tuple[type[Exception], ...]:
    from sync.serving import CannotListen
    from sync.storage.writer import StorageError
    from village_node.store_watch import StartAnew

    return (
        StartAnew,
        EnrolmentRefused,
        NodeBusy,
        CarrierError,
        MalformedWire,
        CannotListen,
        StorageError,
        ValueError,
        peewee.PeeweeException,
        OSError,
    )


EXPECTED = _expected()


@node.command()
@DIR
@click.option("--json", "as_json", is_flag=True, help="Accepted for clarity: the output is always JSON.")
def status(folder: Path, as_json: bool) -> None:
    """Print how the node is, as JSON. Reads beside a running server."""
    try:
        print_json(_status(folder))
    except EXPECTED as error:
        refuse(_say(error))


def _status(folder: Path) -> dict[str, Any]:
    try:
        with HandIn(folder) as socket:
            return socket.status()
    except (NodeNotRunning, OSError):
        pass
    from village_node.offline import offline_status, status_without_store
    from village_node.without_store import FAULTS

    try:
        return offline_status(folder)
    except FAULTS as error:
        note(f"kentongan: {_say(error)}")
        return status_without_store(folder, error)


@node.command()
@DIR
@click.option("--radio", "radio_url", metavar="URL", help="Also try this radio.")
@click.option("--hub", "hub_url", metavar="URL", help="Also try this hub.")
def doctor(folder: Path, radio_url: str | None, hub_url: str | None) -> None:
    """Look for what is wrong and say what to do. Exit 1 when something needs a person."""
    from village_node.doctor import examine

    findings = examine(folder, radio_url=radio_url, hub_url=hub_url)
    for finding in findings:
        print_json(finding)
    sys.exit(1 if any(not finding["ok"] for finding in findings) else 0)


@node.command()
@DIR
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Accepted for clarity: the output is always JSON.")
def receipt(folder: Path, code: str, as_json: bool) -> None:
    """Print the ladder and the answers of a receipt CODE (16 digits), or of the code on stdin with "-".

    On a machine with other users give "-": they could see the code in the list of processes.
    """
    from village_node.offline import offline_receipt

    digits = receipt_code_digits(sys.stdin.readline() if code == "-" else code)
    if digits is None:
        refuse("a receipt code has 16 digits; spaces and hyphens between them do not matter")
    try:
        print_json(offline_receipt(folder, digits))
    except LookupError as error:
        refuse(str(error))
    except EXPECTED as error:
        refuse(_say(error))


@node.command()
@DIR
@click.argument("reports", required=False, type=click.File("rb"), default="-")
@click.option(
    "--attachments",
    "attached",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help='Where the files of "attachments" lie.',
)
@_dense_option
def submit(folder: Path, reports: BinaryIO, attached: Path | None, dense_text: bool) -> None:
    """Take the reports of a JSON-lines file (default: stdin). One line out for each taken.

    A line is a report, or an object with "report" and optionally "id", which comes back as "ref". Lines
    that break the schema are refused with a JSON error line each; the others are taken, and the exit
    code is then 1. Where a server runs in DIR it takes them, with its own choice of text model; of a long
    file the first reports are written densest.

    With --attachments a line beside its "report" may have "attachments": a list of {"type": "image/jpeg",
    "file": "NAME"}, files of that FOLDER. They never go by radio. A picture is sealed as it is: take out of
    it first what is not meant to be told, such as the place.
    """
    from village_node.offline import submitter

    refused = 0
    try:
        with submitter(folder, dense_text=dense_text) as take:
            for number, line in enumerate(_lines(reports, attached), start=1):
                reply: dict[str, Any] = (
                    {"error": line.problem, "ref": line.ref}
                    if line.problem
                    else take(line.report, line.ref, line.attachments)
                )
                if "error" in reply:
                    reply["line"] = number
                    refused += 1
                print_json(reply)
    except EXPECTED as error:
        refuse(_say(error))
    sys.exit(1 if refused else 0)


@dataclass(frozen=True, repr=False)
class _Line:
    report: object = None
    ref: object = None
    attachments: list[dict[str, str]] = field(default_factory=list)
    problem: str | None = None


def _lines(file: BinaryIO, attached: Path | None) -> Iterator[_Line]:
    for line in file:
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            yield _Line(problem="the line is not JSON in UTF-8")
            continue
        if isinstance(value, dict) and "report" in value:
            yield _with_attachments(value, attached)
        else:
            yield _Line(value)


def _with_attachments(value: dict[str, Any], attached: Path | None) -> _Line:
    from village_node.attachment_files import read_files

    ref = value.get("id")
    if not _is_printable(ref):
        return _Line(problem="the id is not printable text")
    if attached is None or "attachments" not in value:
        if "attachments" in value:
            note("A line has attachments: they are left out, for no --attachments FOLDER is given.")
        return _Line(value["report"], ref)
    try:
        return _Line(value["report"], ref, read_files(attached, value["attachments"]))
    except AttachmentRefused as refused:
        return _Line(ref=ref, problem=str(refused))


def _is_printable(ref: object) -> bool:
    try:
        json.dumps(ref, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@node.command()
@DIR
@click.option("--once", is_flag=True, required=True, help="Sync once and end (serve does it all the time).")
@click.option(
    "--via", required=True, type=click.Choice(["http", "radio", "courier"]), help="Which carrier to use."
)
@click.option("--hub", "hub_url", metavar="URL", help="For --via http.")
@click.option("--ca-file", type=click.Path(exists=True), help="Certificate to trust for the hub.")
@click.option("--radio", "radio_url", metavar="URL", help="For --via radio.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="For --via courier: file to write."
)
@click.option(
    "--in",
    "in_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="For --via courier: file from the hub.",
)
@click.option("--timeout", default=600.0, show_default=True, metavar="SECONDS", help="For --via radio.")
@_speed_option
def sync(folder: Path, once: bool, via: str, **options: Any) -> None:
    """Carry what waits, once, without the server. Prints what was receipted and whether anything waits."""
    from village_node.offline import sync_once

    try:
        print_json(sync_once(folder, via, **options))
    except EXPECTED as error:
        refuse(_say(error))


@node.command("courier-export")
@DIR
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def courier_export(folder: Path, file: Path) -> None:
    """Write all that waits into one sealed FILE, safe to hand to anybody."""
    from village_node.offline import export_courier

    try:
        print_json(export_courier(folder, file))
    except EXPECTED as error:
        refuse(_say(error))


@node.command("courier-import")
@DIR
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def courier_import(folder: Path, file: Path) -> None:
    """Take in receipts and answers from a FILE that the hub wrote."""
    from village_node.offline import import_courier

    try:
        print_json(import_courier(folder, file))
    except EXPECTED as error:
        refuse(_say(error))
