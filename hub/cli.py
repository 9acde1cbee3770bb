"""`kentongan hub ...`: set up, serve, and work with the regional hub."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import peewee

from hub.account_services import DEMAND_SECOND_FACTOR
from hub.accounts.commands import add_user_commands
from hub.audit.commands import add_audit_commands
from hub.backup_commands import add_backup_commands
from hub.config import HubConfig
from hub.detect_command import add_detect_command
from hub.disclosure_command import add_disclosure_command
from hub.dpia.commands import add_dpia_commands
from hub.duty.commands import add_duty_commands
from hub.enrol_commands import add_enrol_commands
from hub.fleet.commands import add_fleet_commands
from hub.fleet.release_commands import add_release_commands, public_key_of
from hub.gaps.commands import add_gap_commands
from hub.key_commands import add_key_commands
from hub.learning.commands import add_learning_commands
from hub.machine_reading.commands import add_model_commands
from hub.openrosa.commands import add_openrosa_commands
from hub.other_data.commands import add_series_commands
from hub.passphrase import add_passphrase_option
from hub.radio_commands import add_radio_commands
from hub.retention.commands import DIR, add_retention_commands
from hub.services import ROLES
from hub.subscriptions.commands import add_subscription_commands
from hub.village_commands import add_village_commands
from hub.warning.commands import add_signal_commands
from hub.watching.commands import add_watching_commands
from hub.weekly.commands import add_weekly_commands
from hub.work_options import work_of, work_options
from sync.command_line import listen_option, note, print_json, refuse, stop_on_signals
from sync.errors import EnrolmentRefused, SyncError
from sync.json_log import log_as_json
from sync.storage.writer import StorageError


@click.group()
def hub() -> None:
    """The regional hub: opens reports, shows them to staff, answers the villages."""


@contextmanager
def _store(folder: Path) -> Iterator[Any]:
    from hub.store_wiring import HubStore

    with _refusing(folder):
        store = HubStore(HubConfig(folder))
        try:
            yield store
        finally:
            store.close()


@contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    """Turn what may go wrong with a hub's folder into one line and exit 1."""
    try:
        yield
    except (SyncError, StorageError) as error:
        refuse(str(error))
    except UnicodeDecodeError:
        refuse("what was given is not text in UTF-8")
    except (peewee.PeeweeException, OSError) as error:
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            raise  # the reader of our output has gone: click ends quietly
        refuse(
            f"the hub's files in {folder} cannot be used ({type(error).__name__}): run kentongan hub doctor "
            f"{folder}; is the disk full, and does the folder belong to this user?"
        )


@hub.command()
@DIR
@click.option(
    "--database",
    "database_url",
    metavar="URL",
    help="postgresql://USER@HOST/NAME or sqlite:///PATH; default: in DIR. DATABASE_URL goes before it.",
)
@click.option("--name", default="Kentongan", show_default=True, help="The hub's name, shown in villages.")
@click.option("--release-key", metavar="HEX", help="Ed25519 public key of the release key, kept offline.")
@click.option(
    "--second-factor",
    type=click.Choice([*ROLES, "nobody"]),
    multiple=True,
    default=DEMAND_SECOND_FACTOR,
    show_default=True,
    help="Roles of which a second factor is demanded; may be repeated.",
)
def init(
    folder: Path,
    database_url: str | None,
    name: str,
    release_key: str | None,
    second_factor: tuple[str, ...],
) -> None:
    """Make a hub in DIR: keys, database. Prints its key's fingerprint."""
    from hub import folder as hub_folder
    from hub.storage.opening import check_url
    from hub.storage.postgres import BadDatabaseUrl
    from sync.sealing.derivation import spoken_fingerprint

    release = None if release_key is None else public_key_of(release_key, "--release-key")
    try:
        for url in (database_url, HubConfig(folder).database_url):
            if url is not None:
                check_url(url)
    except BadDatabaseUrl as error:
        refuse(str(error))
    try:
        identity = hub_folder.create(
            folder,
            name=name,
            database_url=database_url,
            release_public=release,
            demand_second_factor=tuple(role for role in ROLES if role in second_factor),
        )
    except EnrolmentRefused as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"cannot write to {folder} ({error.strerror})")
    with _store(folder):
        print_json({"hub": name, "fingerprint": spoken_fingerprint(identity.static.public)})
    note(f"Back up {folder / hub_folder.KEY_FILE} now: without it no report opens (see kentongan hub key).")


@hub.command()
@DIR
@listen_option("--listen", "127.0.0.1:8081", "Where the site and the nodes' exchange listen.")
@click.option(
    "--radio",
    "radio_url",
    metavar="URL",
    help="tcp://HOST:PORT, serial:PATH or serial:auto of a Meshtastic radio.",
)
@click.option(
    "--behind-https", is_flag=True, help="A proxy in front speaks HTTPS: cookies are marked secure."
)
@click.option(
    "--timezone", default="Asia/Makassar", show_default=True, help="Zone in which the pages show times."
)
@click.option(
    "--security-contact",
    "security_contacts",
    multiple=True,
    metavar="URI",
    help="Whom to tell of a weakness, in the place of what hub security-contact keeps. May be repeated.",
)
@click.option(
    "--duty-cycle",
    default=0.10,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Share of the time that the radio may send.",
)
@click.option(
    "--join",
    is_flag=True,
    help="One more web process beside the desk, which is `serve` without this: pages, and nodes' bundles.",
)
@listen_option("--metrics", None, "Where Prometheus asks for figures, on this machine only.")
@click.option("--log-json", is_flag=True, help="Log as JSON lines to standard error.")
@work_options
@click.option("--speed", default=1.0, hidden=True, type=click.FloatRange(min=0, min_open=True))
def serve(folder: Path, **options: Any) -> None:
    """Serve staff and nodes. Prints the address as JSON when ready."""
    if options["join"] and options["radio_url"]:
        raise click.UsageError("the desk has the radio: give --radio to the process without --join")
    from hub.disclosure import BadContact, Disclosure
    from hub.serving import serve_hub
    from sync.serving import CannotListen

    try:
        Disclosure(options["security_contacts"])
    except BadContact as error:
        refuse(str(error))
    config = HubConfig(
        folder=folder,
        listen=options["listen"],
        radio_url=options["radio_url"],
        secure_cookies=options["behind_https"],
        timezone=options["timezone"],
        security_contacts=options["security_contacts"],
        duty_cycle=options["duty_cycle"],
        speed=options["speed"],
        joins=options["join"],
        metrics=options["metrics"],
        **work_of(options),
    )
    if options["log_json"]:
        log_as_json(sys.stderr)
    with _refusing(folder):
        try:
            serve_hub(config, stop_on_signals())
        except (CannotListen, ValueError) as error:
            refuse(str(error))


@hub.command()
@DIR
@work_options
def worker(folder: Path, **options: Any) -> None:
    """Do the hub's regular work (backups) in a process of its own, beside `serve`."""
    from hub.serving import run_worker

    with _refusing(folder):
        run_worker(HubConfig(folder, **work_of(options)), stop_on_signals())


@hub.command()
@DIR
def doctor(folder: Path) -> None:
    """Look for what is wrong and say what to do. Exit 1 when something needs a person."""
    from hub.doctor import examine

    findings = examine(folder)
    for finding in findings:
        print_json(finding)
    sys.exit(1 if any(not finding["ok"] for finding in findings) else 0)


def _only_if_there(view: Any) -> dict[str, Any]:
    """Return the keys of a report's line that most reports do not have."""
    keys: dict[str, Any] = {}
    if view.attachments:
        keys["attachments"] = view.attachments
    if view.additions:
        keys["additions"] = [
            {
                "id": one.id,
                "text": one.text,
                "urgent": one.urgent,
                "taken_at": one.taken_at,
                "received_at": one.received_at,
                "via": one.via,
            }
            for one in view.additions
        ]
    return keys | ({} if view.withdrawal is None else {"withdrawn_at": view.withdrawal.received_at})


@hub.command()
@DIR
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line.")
def reports(folder: Path, jsonl: bool) -> None:
    """Print every report, in the order of arrival. Marks nothing as read.

    A report with pictures or sounds also has "attachments": how many have come, at least in part. One to
    which its reporter added something has "additions", one that was withdrawn "withdrawn_at".
    """
    with _store(folder) as store:
        store.audit.note("command line", "all reports printed", "report all")
        for view in store.work.all_reports():
            print_json(
                {
                    "id": view.id,
                    "village": view.village,
                    "taken_at": view.taken_at,
                    "taken_between": list(view.taken_between),
                    "received_at": view.received_at,
                    "via": view.via,
                    "report": view.report.to_json(),
                    **_only_if_there(view),
                }
            )


@hub.command("cluster")
@click.argument("file", metavar="REPORTS.jsonl", type=click.File("rb"))
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line.")
def cluster_file(file: Any, jsonl: bool) -> None:
    """Print which reports of a file have one recruiter and which tell one event; needs no hub.

    A line a report, in the order of the file: its id, a label of its recruiter (null: nobody is told of)
    and a label of its incident. Equal labels are what the hub would suggest; they mean nothing beyond that.
    """
    from hub.linking.linking import cluster_reports, compare_all
    from sync.benchmarks.report_lines import BadLine, read_report_lines

    try:
        lines = read_report_lines(file)
    except BadLine as bad:
        refuse(str(bad))
    clusters = cluster_reports(compare_all([line.report for line in lines]))
    for line, recruiter, event in zip(lines, clusters.recruiters, clusters.events, strict=True):
        print_json({"id": line.id, "recruiter": recruiter, "incident": event})


@hub.command()
@DIR
@click.argument("report_id", metavar="ID")
@click.argument("text")
@click.option("--ask", is_flag=True, help="It is a question.")
@click.option("--by", help="Whose name stands beside it at the hub; default: the name of the hub.")
def answer(folder: Path, report_id: str, text: str, ask: bool, by: str | None) -> None:
    """Answer the reporter of report ID. TEXT "-" is read from standard input.

    On a machine with other users give "-": they could see the text in the list of processes.
    """
    from hub.services import AnswerRefused, UnknownReport

    with _store(folder) as store:
        try:
            told = sys.stdin.read() if text == "-" else text
            store.work.answer(report_id, told, asks=ask, by=by or store.identity.name)
        except UnknownReport:
            refuse("no report has that id (see kentongan hub reports DIR --jsonl)")
        except AnswerRefused:
            from hub.services import ANSWER_MAX_CHARACTERS

            refuse(f"an answer has 1 to {ANSWER_MAX_CHARACTERS} characters")
    print_json({"queued": True})


@hub.command("reset-pin")
@DIR
@click.option("--village", metavar="CODE", help="The village by its area code.")
@click.option("--node", "node_number", type=click.IntRange(min=0), help="Or the node by its number.")
@click.option("--by", help="Whose name is noted at the hub; default: the name of the hub.")
def reset_pin(folder: Path, village: str | None, node_number: int | None, by: str | None) -> None:
    """Unset the facilitator's PIN of a village, by the next carrier. Prints a code to read out by phone."""
    from hub.services import UnknownVillage

    if (village is None) == (node_number is None):
        raise click.UsageError("give --village CODE or --node NUMBER")
    with _store(folder) as store:
        try:
            number = store.pins.node_of(village) if node_number is None else node_number
            code = store.pins.reset_pin(number, by=by or store.identity.name)
        except UnknownVillage:
            refuse("no such village has spoken yet (see kentongan hub nodes DIR)")
    print_json({"node": number, "code": code})
    note("The PIN ends when this reaches the box. Read the code to the facilitator on the telephone only.")


@hub.command("courier-import")
@DIR
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def courier_import(folder: Path, file: Path) -> None:
    """Take in the reports of a courier FILE from a village."""
    from hub.link_desk import UnknownSender
    from sync.carriers.courier import read_bundle

    with _store(folder) as store:
        try:
            _, imported = store.desk().exchange(read_bundle(file), via="courier")
        except UnknownSender:
            refuse(
                "no node of this hub made this file: nothing was taken in. Its box is of another hub, was "
                "shut out, or another box used its enrolment first (kentongan hub nodes: refused_keys)"
            )
    print_json({"envelopes": imported.envelopes, "new": imported.new, "refused": imported.refused})


@hub.command("courier-export")
@DIR
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--village", metavar="CODE", help="For one village; default: for all.")
def courier_export(folder: Path, file: Path, village: str | None) -> None:
    """Write receipts and answers for villages into one sealed FILE, safe to hand to anybody."""
    from sync.carriers.courier import write_bundle

    with _store(folder) as store:
        numbers = store.keyring.bound_nodes(village)
        shut_out = store.keyring.bound_nodes(village, retired=True)
        if not numbers and not shut_out:
            refuse("no such village has spoken yet" if village else "no village has spoken yet")
        bundle = store.desk().courier_bundle(numbers, shut_out)
        write_bundle(file, bundle)
    print_json({"file": str(file), "bytes": len(bundle), "villages": len(numbers)})


add_village_commands(hub, _store)
add_enrol_commands(hub, _store)
add_radio_commands(hub, _store)
add_user_commands(hub, _store)
add_audit_commands(hub, _store)
add_backup_commands(hub, _store, _refusing)
add_retention_commands(hub, _store)
add_duty_commands(hub)
add_detect_command(hub)
add_signal_commands(hub, _store)
add_learning_commands(hub, _store)
add_dpia_commands(hub, _refusing)
add_openrosa_commands(hub, _store)
add_watching_commands(hub, _store)
add_weekly_commands(hub, _store)
add_series_commands(hub, _store)
add_gap_commands(hub, _store)
add_subscription_commands(hub, _store)
add_model_commands(hub, _refusing)
add_fleet_commands(hub, _store)
add_release_commands(hub, _store)
add_disclosure_command(hub, _refusing)
add_key_commands(hub, _store, _refusing)
add_passphrase_option(hub)
