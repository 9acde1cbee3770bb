"""Reads the files that an installation is given. What it could not use is refused before anything is done."""

from __future__ import annotations

import zipfile
from pathlib import Path

from box.machine import Failed

MAX_ENROLMENT_BYTES = 20 * 1024 * 1024
"""As in village_node/enrolment_reading.py: a photo is the largest."""


def text_of(path: str, what: str) -> str:
    """Return the text of a file, without blanks at its ends; raise `Failed` without one. `what` it is: "a
    Wi-Fi's password"."""
    try:
        text = _content(path, what).decode("utf-8").strip()
    except UnicodeDecodeError:
        raise Failed(f"{path} is no text: {what} is one line of a plain file") from None
    if not text:
        raise Failed(f"{path} is empty: {what} is one line of a plain file")
    return text


def enrolment_of(path: str) -> str | bytes:
    """Return the enrolment as text; as bytes where it is a photo of its QR code, which the program reads."""
    content = _content(path, "an enrolment, which kentongan hub enrol writes")
    if not 0 < len(content) <= MAX_ENROLMENT_BYTES:
        raise Failed(f"{path}: an enrolment is a small file, or a photo of its QR code below 20 MB")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content


def backup_of(path: str) -> str:
    """Return where a backup is; the program itself looks whether it is whole."""
    file = Path(path).resolve()
    if not file.is_file():
        raise Failed(f"there is no backup {path}: put the stick in, and look what it holds")
    if not zipfile.is_zipfile(file):
        raise Failed(f"{path} is damaged or no backup of a box: take an older one of the same stick")
    return str(file)


def root_of(path: str) -> str:
    """Return a root folder that is there."""
    if not Path(path).is_dir():
        raise Failed(f"there is no folder {path}: mount the card, and give the folder where its / is")
    return path


def _content(path: str, what: str) -> bytes:
    file = Path(path)
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_ENROLMENT_BYTES + 1)
    except OSError as error:
        raise Failed(f"{path} cannot be read ({error.strerror}): give the file of {what}") from error
