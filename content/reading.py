"""One table of a TOML file, read key by key, so that whatever is wrong is named with its place."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from content.errors import ContentRefused

KEY = re.compile(r"[a-z][a-z0-9_]*")
DATED = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
"""A date as well as it is known: year, month or day, ISO 8601."""
NOT_KNOWN = ""
"""What stands for a date that the source does not tell."""

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


def parse_toml(where: str, data: bytes) -> dict[str, Any]:
    """Return the tables of a file; raise `ContentRefused` for bytes that are not TOML in UTF-8."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ContentRefused(f"{where}: not TOML in UTF-8 ({error})") from error
    except RecursionError as error:
        raise ContentRefused(f"{where}: nested too deep") from error


class Table:
    """A table of a file. `words` replaces `{name}` in texts; a key is read once, `end` refuses the rest."""

    def __init__(self, where: str, data: Mapping[str, Any], words: Mapping[str, str] | None = None) -> None:
        self.where = where
        self._data = data
        self._words = words
        self._unread = set(data)

    def refuse(self, key: str, allowed: str) -> ContentRefused:
        """Return the error for a key whose value is not what is allowed."""
        return ContentRefused(f"{self.where}: {key} must be {allowed}")

    def _take(self, key: str) -> Any:
        self._unread.discard(key)
        return self._data.get(key)

    def has(self, key: str) -> bool:
        """Return whether the key stands in the table."""
        return key in self._data

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text without blanks around it; a missing one is `default`, or refused."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        return self._filled(key, value)

    def texts(self, key: str, least: int, most: int) -> tuple[str, ...]:
        """Return a list of `least` to `most` texts."""
        values = self._take(key)
        if values is None and least == 0:
            return ()
        if not isinstance(values, list) or not least <= len(values) <= most:
            raise self.refuse(key, f"a list of {least} to {most} texts")
        return tuple(self._filled(key, value) for value in values)

    def _filled(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            raise self.refuse(key, "a text, not empty and without blanks around it")
        if self._words is None:
            return value
        unknown = [name for name in _PLACEHOLDER.findall(value) if name not in self._words]
        if unknown:
            raise self.refuse(key, f"free of {{{unknown[0]}}}: names in braces are keys of the help file")
        words = self._words
        return _PLACEHOLDER.sub(lambda match: words[match[1]], value)

    def key(self, name: str) -> str:
        """Return a text that names something: small letters, digits and _."""
        value = self._take(name)
        if not isinstance(value, str) or not KEY.fullmatch(value):
            raise self.refuse(name, "a name of small letters, digits and _")
        return value

    def keys(self, name: str) -> tuple[str, ...]:
        """Return a list of names, empty when it is missing."""
        values = self._take(name)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(v, str) and KEY.fullmatch(v) for v in values):
            raise self.refuse(name, "a list of names of small letters, digits and _")
        if len(set(values)) != len(values):
            raise self.refuse(name, "a list that names nothing twice")
        return tuple(values)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false")
        return value

    def number(self, key: str, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.refuse(key, f"a whole number from {least} to {most}")
        return value

    def decimal(self, key: str, least: float, most: float) -> float:
        """Return a number from `least` to `most`."""
        value = self._take(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise self.refuse(key, f"a number from {least} to {most}")
        return float(value)

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        words = list(allowed)
        if value not in words:
            raise self.refuse(key, f"one of {', '.join(words)}")
        return str(value)

    def day(self, key: str) -> datetime.date:
        """Return a day, written as TOML writes it: 2026-11-25."""
        value = self._take(key)
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.refuse(key, "a day such as 2026-11-25, without quotes")
        return value

    def dated(self, key: str) -> str:
        """Return a date of a source as text: 2025, 2025-04, 2025-04-07, or empty where it is not known."""
        value = self._take(key)
        if not isinstance(value, str) or (value != NOT_KNOWN and not DATED.fullmatch(value)):
            raise self.refuse(key, 'a date in quotes such as "2025", "2025-04" or "2025-04-07", or ""')
        return value

    def table(self, key: str) -> Table:
        """Return an inner table."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.refuse(key, "a table")
        return Table(f"{self.where}: {key}", value, self._words)

    def tables(self, key: str, least: int, most: int) -> tuple[Table, ...]:
        """Return `least` to `most` tables of an array of tables."""
        values = self._take(key)
        if values is None and least == 0:
            return ()
        if (
            not isinstance(values, list)
            or not least <= len(values) <= most
            or not all(isinstance(value, dict) for value in values)
        ):
            raise self.refuse(key, f"{least} to {most} tables [[{key}]]")
        return tuple(
            Table(f"{self.where}: {key} {value.get('key', number)}", value, self._words)
            for number, value in enumerate(values, 1)
        )

    def end(self) -> None:
        """Refuse keys that nobody read: a misspelt key must not be lost in silence."""
        if self._unread:
            raise ContentRefused(f"{self.where}: unknown key {min(self._unread)}")


def latest_day(dated: str) -> datetime.date:
    """Return the last day that a date as well as it is known may mean: "2025-04" is 2025-04-30."""
    parts = [int(part) for part in dated.split("-")]
    if len(parts) == 3:
        return datetime.date(*parts)
    month = parts[1] if len(parts) == 2 else 12
    following = datetime.date(parts[0] + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def named_once(where: str, keys: Iterable[str]) -> None:
    """Refuse a key that stands twice."""
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ContentRefused(f"{where}: {key} stands twice")
        seen.add(key)
