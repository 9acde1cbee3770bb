"""Attachments of `node submit`: files of one folder that the person at the command line names."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

from sync.errors import AttachmentRefused
from sync.wire.attachments import MAX_ATTACHED_BYTES, MAX_ATTACHMENTS, media_type_of

FORM = 'attachments are a list of {"type": "image/jpeg", "file": "a name in the folder of --attachments"}'


def read_files(folder: Path, attachments: object) -> list[dict[str, str]]:
    """Return [{"type", "data": base64}] for a line's "attachments"; raise AttachmentRefused.

    Lines may come from elsewhere, so a name leads nowhere but into `folder`: no path, no link.
    """
    if not isinstance(attachments, list):
        raise AttachmentRefused(FORM)
    if len(attachments) > MAX_ATTACHMENTS:  # before any file is read
        raise AttachmentRefused(f"a report has at most {MAX_ATTACHMENTS} attachments")
    return [_read(folder, attachment) for attachment in attachments]


def _read(folder: Path, attachment: object) -> dict[str, str]:
    if not isinstance(attachment, dict) or attachment.keys() != {"type", "file"}:
        raise AttachmentRefused(FORM)
    media_type, name = attachment["type"], attachment["file"]
    if not isinstance(media_type, str) or not isinstance(name, str):
        raise AttachmentRefused(FORM)
    media_type_of(media_type)
    if not name or name in (".", "..") or "/" in name or "\x00" in name:
        raise AttachmentRefused("the file of an attachment is a plain name in the folder of --attachments")
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise AttachmentRefused("an attachment is an ordinary file")
            content = file.read(MAX_ATTACHED_BYTES + 1)
    except (OSError, UnicodeEncodeError) as error:
        raise AttachmentRefused(
            "a file of --attachments cannot be read: is it there, and no link?"
        ) from error
    return {"type": media_type, "data": base64.b64encode(content).decode("ascii")}
