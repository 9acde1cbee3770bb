"""The pages of a filled hub that guides show, as accounts that may look at them, and its printed sheet."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from browser import Browser
from filled_hub import all_pages
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from guide_album import Album
from processes import run_here
from village import Region

from hub.accounts.models import User
from hub.fleet.models import FleetBox
from hub.models import Contact, Node
from sync.serving import WsgiServer

COOKIE = "kentongan_hub"
UPPER_PART = ("-x", "60", "-y", "40", "-W", "890", "-H", "960")
"""Of the page in dots: the rest of it is empty."""


@dataclass
class Hub:
    """A hub that is served, and whose pages which account has."""

    region: Region
    app: Flask
    url: str
    pages: dict[str, tuple[str, ...]]
    screen: Browser
    folder: Path
    _signed_in: str = field(default="")

    def open(self, account: str, pattern: str) -> None:
        """Open the first page of an account whose path fits a pattern."""
        if account != self._signed_in:
            self.screen.open(f"{self.url}/sign-in")
            session = self.region.hub.store.accounts.begin_session(account)
            self.screen.driver.add_cookie({"name": COOKIE, "value": cookie(self.app, session)})
            self._signed_in = account
        found = next((path for path in self.pages[account] if re.fullmatch(pattern, path)), pattern)
        self.screen.open(self.url + found)


def cookie(app: Flask, session: str) -> str:
    """Return the cookie of a session that has begun."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"id": session}))


@contextlib.contextmanager
def hub(folder: Path, screen: Browser) -> Iterator[Hub]:
    """Fill a hub and serve it."""
    region = Region(folder)
    pages = all_pages(region)
    hear_from_boxes(region)
    app = region.hub.create_app()
    app.config.update(SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_SECURE=False)
    server = WsgiServer(app, ("127.0.0.1", 0))
    server.start()
    try:
        yield Hub(region, app, server.url, pages, screen, folder)
    finally:
        server.close()
        region.close()


def hear_from_boxes(region: Region) -> None:
    """Let boxes have spoken as those of a region do: some lately, one not for days."""
    store, now = region.hub.store, region.clock.wall_s()
    heard = [(1, "radio", now - 3 * 3600), (2, "radio", now - 5 * 86_400), (3, "http", now - 2400)]
    names = {1: "Contoh", 2: "Sekar", 3: "Melati"}
    rows = [dict(zip(("node", "via", "at"), one, strict=True)) for one in heard]

    def write() -> None:
        Contact.insert_many(rows).on_conflict_replace().execute(store.database)
        for node, name in names.items():
            Node.update(village_name=name).where(Node.number == node).execute(store.database)
            FleetBox.update(village_name=name).where(FleetBox.node == node).execute(store.database)
        FleetBox.update(told_at=now - 3 * 3600).where(FleetBox.node == 1).execute(store.database)

    store.writer.run(write)
    store.fleet.boxes.settle()


def officer(at: Hub, album: Album, language: str) -> None:
    """Pages of analysts, supervisors and administrators, in the language of the account."""
    User.update(language=language).execute(at.region.hub.store.database)
    screen = at.screen
    at.open("ketut", r"/\?still=1")
    album.take("hub-inbox", screen, "body")
    screen.go(screen.one("ul.reports .what a"))
    album.take("hub-report", screen, "main")
    at.open("ketut", r"/pendaftaran")
    album.take("hub-enrolment", screen, "main")
    at.open("ketut", r"/armada")
    album.take("hub-fleet", screen, "main", "ul.reports", most_px=780)
    at.open("ketut", r"/kasus/[^/]+")
    album.take("hub-case", screen, "main")
    at.open("budi", r"/buletin/2")
    album.take("hub-bulletin", screen, "main", "main form button", most_px=850)
    at.open("budi", r"/hak")
    album.take("hub-rights", screen, "main")
    at.open("auni", r"/catatan/keadaan")
    album.take("hub-audit", screen, "main")


def keeper_of_boxes(at: Hub, album: Album, language: str) -> None:
    """What an administrator does for a technician: an enrolment, a comparison, settings in stages."""
    User.update(language=language).execute(at.region.hub.store.database)
    screen = at.screen
    at.open("ketut", r"/pendaftaran")
    screen.type("village", {"id": "52.02.08.2007", "en": "52.02.08.2008"}[language])
    screen.type("village_name", {"id": "Cempaka", "en": "Kenanga"}[language])
    screen.go(screen.one("main form button"))
    album.take("hub-enrolment-made", screen, "main")
    at.open("ketut", r"/desa/1/kotak")
    album.take("hub-box", screen, "main", "main section:nth-of-type(2)")
    at.open("ketut", r"/armada/penyebaran/[0-9]+")
    album.take("hub-rollout", screen, "main", "main dl")


def sheet(at: Hub, album: Album, _language: str) -> None:
    """The page that an enrolment prints, which is Indonesian."""
    folder, paper = at.folder, at.folder / "sheet.pdf"
    run_here("hub", "init", str(folder / "other"), "--second-factor", "nobody")
    name = ("--village", "52.02.08.2001", "--village-name", "Pringgarata")
    run_here(
        "hub", "enrol", str(folder / "other"), *name, "--out", str(folder / "e.json"), "--sheet", str(paper)
    )
    drawn = subprocess.run(
        ["pdftoppm", "-r", "120", "-png", "-f", "1", "-l", "1", *UPPER_PART, str(paper)],
        capture_output=True,
        check=True,
    )
    album.keep("enrolment-sheet", drawn.stdout)
