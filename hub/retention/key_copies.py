"""Copies of the keys of reports, apart from those of the database: the newest one opens every copy there is.

One JSON line a key (`owner`, `wrapped` in base64) or a forgotten report; the first says what the file is and
how many lines follow. Keys are wrapped under the secret in hub.key: neither file opens anything alone. Only
the newest is kept: it holds no key of what was forgotten, and so older copies of the database lose it too.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peewee import Value, fn

from hub.cases.search import FILLED
from hub.links.models import LinkDue
from hub.models import Report, Setting
from hub.retention.contents import MARK
from hub.retention.key_models import ReportKey
from hub.retention.models import ForgottenReport
from hub.storage.copies import CopyFailed
from hub.storage.opening import one_state
from hub.storage.statements import put
from sync.storage.database import connect
from sync.storage.private_files import write_private

LEFT_OUT = (
    "report_key", "search_doc", "link_due", "link_evidence", "link_posting", "link_count", "link_suggestion",
)  # fmt: skip
"""Tables that no copy of the database holds: keys, and what is made anew out of the reports."""
_KIND = "kentongan_report_keys"
_AT_ONCE = 500
_TABLES: dict[str, Any] = {"key": ReportKey, "forgotten": ForgottenReport}


KEYS_FILE = "hub.keys"
"""Holds the keys of all nightly copies, beside them."""


def keys_file_of(file: Path) -> Path:
    """Return where the keys of a copy are written, if nothing else is said."""
    return file.with_name(file.name + ".keys")


def find_keys(file: Path) -> Path:
    """Return where the keys of a copy are: beside it, or with the nightly ones."""
    own, nightly = keys_file_of(file), file.with_name(KEYS_FILE)
    return nightly if nightly.exists() and not own.exists() else own


def write_keys(database: Any, file: Path) -> None:
    """Write all keys there are now, in the place of what the file held; raise CopyFailed.

    Call it after the database was copied: what came meanwhile has one key too many, which harms nobody.
    """
    connect(database)
    try:
        with one_state(database):
            write_private(file, _lines(database))
    except OSError as error:
        raise CopyFailed(
            f"the keys were not written ({error.strerror}): the copy is worth nothing without"
        ) from error


def _lines(database: Any) -> Iterator[str]:
    count = sum(table.select().count(database) for table in _TABLES.values())
    yield json.dumps({_KIND: 1, "lines": count}) + "\n"
    for name, table in _TABLES.items():
        for row in table.select().dicts().iterator(database):
            yield json.dumps({name: {key: _told(value) for key, value in row.items()}}) + "\n"


def _told(value: Any) -> Any:
    return b64encode(bytes(value)).decode("ascii") if isinstance(value, bytes | memoryview) else value


def read_keys(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return rows by table, "key" and "forgotten"; raise CopyFailed for a file that is cut short or none."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    try:
        head, *lines = file.read_text("utf-8").splitlines()
        if json.loads(head)["lines"] != len(lines) or json.loads(head)[_KIND] != 1:
            raise ValueError("another number of lines")
        for line in lines:
            [(name, row)] = json.loads(line).items()
            blob = "wrapped" if name == "key" else "epoch"
            found[name].append({**row, blob: b64decode(row[blob], validate=True)})
    except OSError as error:
        raise CopyFailed(
            f"cannot read the keys in {file.name} ({error.strerror}): without them no report can be read"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CopyFailed(f"{file.name} is no whole file of keys: give one that hub backup wrote") from error
    return found


def _add(table: Any, rows: list[dict[str, Any]]) -> Any:
    """Return the query that adds rows. A key that is here stays: opening an older copy drew it, and sealed
    under it what was plain in there."""
    return table.insert_many(rows).on_conflict_ignore() if table is ReportKey else put(table, rows)


def put_back(store: Any, rows: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    """Give a restored `HubStore` its keys, forget again what was forgotten, have made anew what is lacking.

    Returns how many reports were forgotten again, and how many have no key, in `forgotten` and `without_key`.
    """
    database, writer = store.database, store.writer
    for name, table in _TABLES.items():
        own = rows[name]
        for start in range(0, len(own), _AT_ONCE):
            piece = own[start : start + _AT_ONCE]
            writer.run(lambda piece=piece, table=table: _add(table, piece).execute(database))
    gone = Report.select(Report.id).join(ForgottenReport, on=(ForgottenReport.id == Report.id))
    again = [row.id for row in gone.execute(database)]
    store.forgetting.forget(again, by="backup", reason="", even_in_open_case=True)

    def make_anew() -> None:
        Setting.delete().where(Setting.key == FILLED).execute(database)
        due = Report.select(Report.id, Value(1), Report.received_at)
        LinkDue.insert_from(
            due, [LinkDue.report, LinkDue.version, LinkDue.since]
        ).on_conflict_ignore().execute(database)

    writer.run(make_anew)
    keyed = ReportKey.select(Value(1)).where(ReportKey.owner == Report.id)
    sealed = Report.select().where(Report.body.startswith(MARK))
    return {"forgotten": len(again), "without_key": sealed.where(~fn.EXISTS(keyed)).count(database)}
