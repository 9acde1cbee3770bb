"""When staff read reports, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync.wire.settings_records import WEEK_MINUTES
from village_node.staffed_hours import Now, Staffed
from village_node.web.languages import N_, translate

Part = tuple[int, int]
DAY_MINUTES = 1440
WEEKDAYS = (
    N_("Senin"),
    N_("Selasa"),
    N_("Rabu"),
    N_("Kamis"),
    N_("Jumat"),
    N_("Sabtu"),
    N_("Minggu"),
)
NOW_TEXTS: dict[Now, str] = {
    "reading": N_("Sekarang petugas sedang bertugas."),
    "urgent": N_("Sekarang hanya laporan mendesak yang dibaca."),
    "nobody": N_("Sekarang tidak ada petugas yang bertugas. Laporan tetap tersimpan dan dibaca kemudian."),
    "closed": N_("Hari ini kantor petugas libur. Laporan tetap tersimpan dan dibaca kemudian."),
    "unknown": "",
}
_ZONES = {420: "WIB", 480: "WITA", 540: "WIT"}


def no_hours() -> Staffed | None:
    """Stand in where no hub said anything."""
    return None


def staffed_lines(staffed: Callable[[], Staffed | None]) -> list[str]:
    """Return the sentences for a page; none where the hub said nothing."""
    found = staffed()
    if found is None:
        return []
    hours, lines = found.hours, []
    zone = _ZONES.get(hours.offset_minutes, "")
    if hours.reads:
        said = hours_in_words(hours.reads) + (f" ({zone})" if zone else "")
        lines.append(translate("Petugas membaca laporan: %(hours)s.", hours=said))
    if hours.urgent and hours.urgent != hours.reads and found.now != "closed":
        said = hours_in_words(hours.urgent) + (f" ({zone})" if zone and not _always(hours.urgent) else "")
        lines.append(translate("Laporan mendesak: %(hours)s.", hours=said))
    if found.now != "unknown":
        lines.append(translate(NOW_TEXTS[found.now]))
    return lines


def _always(parts: Sequence[Part]) -> bool:
    return list(parts) == [(0, WEEK_MINUTES)]


def hours_in_words(parts: Sequence[Part]) -> str:
    """Return parts of a week such as "Senin-Jumat 07.30-16.00, Sabtu 08.00-12.00"."""
    if _always(parts):
        return translate("kapan saja")
    days: dict[Part, list[int]] = {}
    for begin, end in (piece for part in parts for piece in _pieces(*part)):
        days.setdefault((begin % DAY_MINUTES, end - begin), []).append(begin // DAY_MINUTES)
    said = []
    for (begin, length), found in sorted(days.items(), key=lambda item: (item[1][0], item[0])):
        until = begin + length
        # A night ends on the next day; midnight itself is the end of its own.
        end = until if until <= DAY_MINUTES else until - DAY_MINUTES
        said.append(f"{_days_in_words(found)} {_clock(begin)}-{_clock(end)}")
    return ", ".join(said)


def _pieces(begin: int, end: int) -> list[Part]:
    """Cut what is longer than a day at midnights."""
    pieces = []
    while end - begin > DAY_MINUTES:
        midnight = (begin // DAY_MINUTES + 1) * DAY_MINUTES
        pieces.append((begin, midnight))
        begin = midnight
    return [*pieces, (begin, end)]


def _days_in_words(days: Sequence[int]) -> str:
    rows: list[list[int]] = []
    for day in days:
        if rows and rows[-1][-1] == day - 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    return ", ".join(_row(row) for row in rows)


def _row(days: Sequence[int]) -> str:
    first, last = translate(WEEKDAYS[days[0]]), translate(WEEKDAYS[days[-1]])
    return first if len(days) == 1 else f"{first}, {last}" if len(days) == 2 else f"{first}-{last}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"
