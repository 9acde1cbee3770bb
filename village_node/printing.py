"""Posters and cards for this village: what stands on them, and the short-lived process that draws the PDF."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from content.catalogue import Catalogue
from sync.wire.numbers import BulletinLevel, NoticeKind
from village_node.log import NodeLog
from village_node.notices import UnknownNotice, VillageNotice

POSTER_PAPERS = ("A4", "A5")
CARD_PAPERS = ("A4", "A5", "A6")
"""A4: four cards of A6 on one sheet, to cut."""
DRAWING_TIMEOUT_S = 120.0
"""A slow board needs seconds; what takes longer has hung."""
_KEYS = {"address": "site_address", "wifi_name": "wifi_name", "wifi_password": "wifi_password"}


class UnknownSheet(Exception):
    """There is no such poster, card or paper."""


class PrintFailed(Exception):
    """The PDF could not be drawn; nothing has changed."""


class SettingsRefused(Exception):
    """What was typed cannot stand on a sheet; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True, repr=False)
class PrintSettings:
    """What every sheet of this village shows. An empty address: the page's own is taken."""

    address: str = ""
    wifi_name: str = ""
    wifi_password: str = ""


def check_settings(settings: PrintSettings) -> PrintSettings:
    """Return the settings without spaces around; raise SettingsRefused."""
    address, name, password = (value.strip() for value in asdict(settings).values())
    if address and not _is_address(address):
        raise SettingsRefused("Alamat situs seperti http://10.42.0.1/ atau kosong.")
    if len(name.encode("utf-8")) > 32:
        raise SettingsRefused("Nama Wi-Fi paling panjang 32 huruf.")
    if password and not 8 <= len(password) <= 63:
        raise SettingsRefused("Kata sandi Wi-Fi terdiri dari 8 sampai 63 huruf, atau kosong.")
    if any(not value.isprintable() for value in (name, password)):
        raise SettingsRefused("Nama dan kata sandi Wi-Fi hanya huruf, angka, dan tanda baca.")
    return PrintSettings(address, name, password)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "http" and bool(parts.hostname) and len(text) <= 100 and text.isascii()


def wifi_code(name: str, password: str) -> str:
    """Return what a phone's camera reads to join a Wi-Fi: `WIFI:T:WPA;S:name;P:password;;`."""
    from segno.helpers import make_wifi_data

    code: str = make_wifi_data(ssid=name, password=password or None, security="WPA" if password else None)
    return code


def sheet_of(
    catalogue: Catalogue, kind: str, key: str, paper: str, settings: PrintSettings
) -> dict[str, Any]:
    """Return what stands on a poster or a card, ready for JSON; raise UnknownSheet."""
    shown: dict[str, Any] = {
        "kind": kind,
        "paper": paper,
        **asdict(settings),
        "wifi_code": wifi_code(settings.wifi_name, settings.wifi_password) if settings.wifi_name else "",
    }
    if kind == "poster" and paper in POSTER_PAPERS:
        poster = next((one for one in catalogue.posters() if one.key == key), None)
        if poster is not None:
            blocks = [
                {"icon": catalogue.icon(block.icon), "icon_name": block.icon, "lines": list(block.lines)}
                for block in poster.blocks
            ]
            icon = catalogue.icon(poster.icon)
            return shown | asdict(poster) | {"icon": icon, "blocks": blocks}
    if kind == "card" and paper in CARD_PAPERS:
        card = next((one for one in catalogue.cards() if one.key == key), None)
        if card is not None:
            panels = [
                {"icon": catalogue.icon(p.icon), "caption": p.caption, "speech": list(p.speech)}
                for p in card.panels
            ]
            return shown | asdict(card) | {"panels": panels}
    raise UnknownSheet


_LEVELS = {
    BulletinLevel.INFORMATION: ("Pengumuman", "drum"),
    BulletinLevel.WARNING: ("Waspada", "warning"),
    BulletinLevel.DANGER: ("Bahaya", "stop"),
}
"""Title and picture of the poster of a bulletin."""


def sheet_of_bulletin(
    catalogue: Catalogue, notice: VillageNotice, paper: str, settings: PrintSettings
) -> dict[str, Any]:
    """Return the poster of a bulletin, with its last day on it.

    Raises UnknownSheet for one that no wall may show: taken back, over, or no bulletin. One for the
    facilitator alone is printed too: that is how they tell the village.
    """
    if notice.kind is not NoticeKind.BULLETIN or not notice.counts:
        raise UnknownSheet
    model = catalogue.posters()[0]
    sheet = sheet_of(catalogue, "poster", model.key, paper, settings)
    title, icon = _LEVELS[BulletinLevel(notice.level)]
    lines = [line for line in notice.text.splitlines() if line.strip()]
    until = f"{notice.until.day}-{notice.until.month}-{notice.until.year}"
    block = {"icon": catalogue.icon(icon), "icon_name": icon, "lines": lines}
    closing = f"Berlaku sampai {until}. Dalam bahaya: telepon polisi 110."
    return sheet | {"title": title, "icon": catalogue.icon(icon), "blocks": [block], "closing": closing}


def draw_in_child(sheet: dict[str, Any]) -> bytes:
    """Return the PDF of a sheet, drawn by a process of its own; raise PrintFailed.

    What stands on it goes over a pipe: arguments would show the Wi-Fi's password to every user of the box.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "village_node.print_sheets"],
            input=json.dumps(sheet).encode("utf-8"),
            capture_output=True,
            timeout=DRAWING_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PrintFailed from error
    return done.stdout


class Printing:
    """The use cases of the print pages. Draws one sheet at a time."""

    def __init__(
        self,
        log: NodeLog,
        content: Callable[[], Catalogue],
        draw: Callable[[dict[str, Any]], bytes] = draw_in_child,
    ) -> None:
        self._log = log
        self._content = content
        self._draw = draw
        self.bulletin_of: Callable[[int], VillageNotice] | None = None
        """Gives the notice with a serial number, where this box takes notices."""
        self._one_at_a_time = threading.Lock()

    def settings(self) -> PrintSettings:
        """Return what was kept."""
        return PrintSettings(**{name: self._log.text(key) or "" for name, key in _KEYS.items()})

    def keep(self, settings: PrintSettings) -> None:
        """Keep settings; raise SettingsRefused."""
        checked = asdict(check_settings(settings))
        self._log.set_texts({key: checked[name] or None for name, key in _KEYS.items()})

    def pdf(self, kind: str, key: str, paper: str, *, address: str) -> bytes:
        """Return a sheet as PDF; `address` stands on it where none was kept.

        Raises UnknownSheet or PrintFailed.
        """
        kept = self.settings()
        settings = PrintSettings(kept.address or address, kept.wifi_name, kept.wifi_password)
        if kind == "bulletin":
            sheet = sheet_of_bulletin(self._content(), self._bulletin(key), paper, settings)
        else:
            sheet = sheet_of(self._content(), kind, key, paper, settings)
        with self._one_at_a_time:
            return self._draw(sheet)

    def _bulletin(self, key: str) -> VillageNotice:
        if self.bulletin_of is None or not (key.isascii() and key.isdecimal()):
            raise UnknownSheet
        try:
            return self.bulletin_of(int(key))
        except UnknownNotice:
            raise UnknownSheet from None
