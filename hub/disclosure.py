"""Whom to tell of a weakness, as a hub keeps and publishes it (RFC 9116), and until when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

VALID_FOR_DAYS: Final = 180
"""RFC 9116 advises less than a year. Where no day was named: told anew each day, while the hub runs."""
MOST_DAYS: Final = 398
"""A day that is named lies at most a year and a month ahead."""
SOON_DAYS: Final = 14
"""So long before the day that was named somebody is told."""
MOST_CONTACTS: Final = 10
MOST_CHARACTERS: Final = 200
LANGUAGES: Final = "id, en"
SCHEMES: Final = ("mailto", "https", "tel")


class BadContact(ValueError):
    """A contact or a day that nobody could use; the text says what is allowed."""


def checked_contact(typed: str) -> str:
    """Return a contact as it is published; raise BadContact."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        parts = urlsplit("")
    if not typed.isprintable() or " " in typed or len(typed) > MOST_CHARACTERS:
        raise BadContact(
            f"a contact holds no blanks and no line ends, and at most {MOST_CHARACTERS} characters"
        )
    if parts.scheme not in SCHEMES or not _leads_somewhere(parts.scheme, parts.netloc, parts.path):
        raise BadContact(
            "a contact is mailto:keamanan@kantor.example, https://kantor.example/... or tel:+62-370-0000-11"
        )
    if not typed.isascii():
        raise BadContact("a contact is written in ASCII letters")
    return typed


def _leads_somewhere(scheme: str, host: str, path: str) -> bool:
    if scheme == "https":
        return bool(host)
    return bool(path) and not host and (scheme != "mailto" or "@" in path.strip("@"))


@dataclass(frozen=True)
class Disclosure:
    """Contacts in the order in which they are preferred, and the last day on which they hold.

    `expires` None: 180 days from whenever somebody asks. Raises BadContact for a contact that is none.
    """

    contacts: tuple[str, ...] = ()
    expires: datetime.date | None = None

    def __post_init__(self) -> None:
        if len(self.contacts) > MOST_CONTACTS:
            raise BadContact(f"at most {MOST_CONTACTS} contacts")
        for one in self.contacts:
            checked_contact(one)

    def days_left(self, now_s: float) -> int | None:
        """Return how many days are left after today (UTC), below 0 when it is over; None without a day."""
        return None if self.expires is None else (self.expires - _day(now_s)).days

    def text(self, now_s: float, canonical: str = "") -> str:
        """Return security.txt; `now_s` is Unix seconds, `canonical` its own address or nothing."""
        day = self.expires or _day(now_s) + datetime.timedelta(days=VALID_FOR_DAYS - 1)
        # The first moment at which it holds no more.
        expires = f"{day + datetime.timedelta(days=1)}T00:00:00Z"
        lines = [f"Contact: {one}" for one in self.contacts]
        lines += [f"Expires: {expires}", f"Preferred-Languages: {LANGUAGES}"]
        if canonical.startswith("https://"):  # the only kind that RFC 9116 knows
            lines.append(f"Canonical: {canonical}")
        return "".join(f"{line}\n" for line in lines)

    def problem(self, now_s: float) -> str | None:
        """Return what is wrong with it, or None."""
        if not self.contacts:
            return "nobody is named whom to tell of a weakness: there is no security.txt"
        left = self.days_left(now_s)
        if left is None or left >= SOON_DAYS:
            return None
        return "security.txt is over" if left < 0 else f"security.txt is over in {left + 1} days"

    def to_json(self) -> dict[str, Any]:
        """Return it as it stands in hub.json."""
        day = None if self.expires is None else self.expires.isoformat()
        return {"security_contacts": list(self.contacts), "security_expires": day}


def disclosure_from_json(settings: Mapping[str, Any]) -> Disclosure:
    """Return what hub.json says; raise ValueError, TypeError."""
    day = settings.get("security_expires")
    contacts = tuple(str(one) for one in settings.get("security_contacts", ()))
    return Disclosure(contacts, None if day is None else datetime.date.fromisoformat(day))


def expiry_day(day: datetime.date, now_s: float) -> datetime.date:
    """Return a day that may be named as the last one; raise BadContact."""
    if not 1 <= (day - _day(now_s)).days <= MOST_DAYS:
        raise BadContact(f"the last day lies at least 1 and at most {MOST_DAYS} days ahead")
    return day


def _day(now_s: float) -> datetime.date:
    return datetime.datetime.fromtimestamp(now_s, datetime.UTC).date()
