"""`kentongan content ...`: check material, sign and verify packs, import the list of licensed agencies."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from content.agencies import AgencySnapshot, read_agencies_csv, write_snapshot
from content.catalogue import BASE_LANGUAGE, Catalogue, languages_of
from content.check import problems, untranslated, warnings
from content.errors import ContentRefused
from content.files import FolderFiles, shipped_files
from content.packs import Manifest, pack, unpack
from sync.clock import SystemClock
from sync.command_line import note, print_json, refuse

DAY = click.DateTime(formats=["%Y-%m-%d"])
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with languages, icons and agencies; default: what is shipped.",
)


@click.group()
def content() -> None:
    """Awareness material: lessons, quizzes, rules, numbers, agencies; checked, signed and dated."""


def _files(folder: Path | None) -> FolderFiles:
    return shipped_files() if folder is None else FolderFiles(folder)


def _day(given: datetime.datetime | None) -> datetime.date:
    if given is not None:
        return given.date()
    return datetime.datetime.fromtimestamp(SystemClock().wall_s(), datetime.UTC).date()


def _warn(lines: tuple[str, ...]) -> None:
    for line in lines:
        note(f"warning: {line}")


@content.command()
@FOLDER
@click.option("--today", type=DAY, help="Judge the age of facts as of this day; default: the clock's.")
def check(folder: Path | None, today: datetime.datetime | None) -> None:
    """Print what is wrong with the material; exit 1 if anything is. Sources that grew old are warnings."""
    files = _files(folder)
    found, old = problems(files), warnings(files, _day(today))
    for line in found:
        note(line)
    _warn(old)
    if found:
        print_json({"problems": len(found), "warnings": len(old)})
        raise SystemExit(1)
    catalogue = Catalogue(files)
    print_json(
        {
            "problems": 0,
            "warnings": len(old),
            "lessons": len(catalogue.lesson_keys),
            "quizzes": len(catalogue.quiz_keys),
            "posters": len(catalogue.posters()),
            "cards": len(catalogue.cards()),
            "offer_questions": len(catalogue.offer_rules.questions),
            "offer_rules": len(catalogue.offer_rules.rules),
            "facts": len(catalogue.facts),
            "facts_not_verified": sum(not fact.verified for fact in catalogue.facts.values()),
            "help_lines": len(catalogue.help_lines),
            "untranslated": {
                code: untranslated(files, code) for code in languages_of(files) if code != BASE_LANGUAGE
            },
        }
    )


@content.command()
@click.argument("file", type=FILE)
def key(file: Path) -> None:
    """Make a release key in FILE, to be kept offline. Prints its public half for `hub init --release-key`."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError:
        refuse("that file is there already: a release key is never overwritten")
    except OSError as error:
        refuse(f"cannot write the key ({error.strerror})")
    print_json({"release_public": private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()})


@content.command("pack")
@FOLDER
@click.option("--key", "key_file", type=FILE, required=True, help="The release key, made by `content key`.")
@click.option("--version", type=click.IntRange(min=1), required=True, help="Higher than any pack before.")
@click.option("--made-at", type=DAY, help="The day that the pack shows; default: the clock's.")
@click.option("--for-holders-of", type=FILE, help="An earlier pack: leave out the files that it holds.")
@click.option("--out", type=FILE, required=True, help="Where the pack is written.")
def pack_command(
    folder: Path | None,
    key_file: Path,
    version: int,
    made_at: datetime.datetime | None,
    for_holders_of: Path | None,
    out: Path,
) -> None:
    """Check the material and write it as one signed pack."""
    files, day = _files(folder), _day(made_at)
    found = problems(files)
    if found:
        for line in found:
            note(line)
        refuse(f"{len(found)} problems: correct them first, then pack")
    _warn(warnings(files, day))
    private = _private_key(key_file)
    try:
        held = () if for_holders_of is None else _held(for_holders_of, private.public_key())
        data = pack(files, version=version, made_at=day, release_key=private, held=held)
        out.write_bytes(data)
    except ContentRefused as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"cannot write the pack ({error.strerror})")
    print_json({"version": version, "made_at": day.isoformat(), "files": len(files), "bytes": len(data)})


def _held(earlier: Path, public: Ed25519PublicKey) -> tuple[str, ...]:
    return tuple(entry.sha256 for entry in unpack(_read(earlier), [public]).manifest.files)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        refuse(f"cannot read {file.name} ({error.strerror})")


def _private_key(file: Path) -> Ed25519PrivateKey:
    try:
        loaded = load_pem_private_key(_read(file), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        loaded = None
    if not isinstance(loaded, Ed25519PrivateKey):
        refuse("--key must be a file that `kentongan content key` wrote")
    return loaded


@content.command()
@click.argument("file", type=FILE)
@click.option(
    "--release-key", "keys", metavar="HEX", multiple=True, required=True, help="Public; may repeat."
)
@click.option("--newer-than", type=click.IntRange(min=0), default=0, help="The version that is held already.")
@click.option("--held", type=FILE, help="An earlier pack, for a pack that leaves out what it holds.")
def verify(file: Path, keys: tuple[str, ...], newer_than: int, held: Path | None) -> None:
    """Check the signature and every file of a pack, and that the material in it can be used."""
    publics = [_public_key(text) for text in keys]
    try:
        by_hash = {} if held is None else unpack(_read(held), publics).by_hash()
        opened = unpack(_read(file), publics, newer_than=newer_than, held=by_hash)
    except ContentRefused as error:
        refuse(str(error))
    found = problems(opened.files)
    if found:
        for line in found:
            note(line)
        refuse(f"the pack is signed, but its material has {len(found)} problems")
    print_json(_described(opened.manifest))


def _described(manifest: Manifest) -> dict[str, object]:
    return {
        "version": manifest.version,
        "made_at": manifest.made_at.isoformat(),
        "files": len(manifest.files),
        "bytes": sum(entry.size for entry in manifest.files),
    }


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise click.BadParameter("64 hexadecimal digits", param_hint="--release-key") from None


@content.command()
@click.argument("csv_file", metavar="CSV", type=FILE)
@click.option("--as-of", type=DAY, required=True, help="The day of the list.")
@click.option("--source", required=True, help="Who gave the list, in a few words.")
@click.option("--sample", is_flag=True, help="The firms are made up; pages will say so.")
@click.option(
    "--folder",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of the material that gets agencies/p3mi.csv and p3mi.toml.",
)
def agencies(csv_file: Path, as_of: datetime.datetime, source: str, sample: bool, folder: Path) -> None:
    """Import a list of licensed agencies from a CSV file with a heading line."""
    try:
        firms = read_agencies_csv(_read(csv_file).decode("utf-8"))
    except UnicodeDecodeError:
        refuse("the list is not text in UTF-8: save it as CSV in UTF-8")
    except ContentRefused as error:
        refuse(str(error))
    snapshot = AgencySnapshot(firms, as_of.date(), " ".join(source.split()), sample)
    try:
        for path, data in write_snapshot(snapshot).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    except OSError as error:
        refuse(f"cannot write the list ({error.strerror})")
    print_json({"firms": len(firms), "as_of": snapshot.as_of.isoformat(), "sample": sample})
