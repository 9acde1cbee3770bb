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
from sync.serving import WsgiServer

COOKIE = "kentongan_hub"


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
    app = region.hub.create_app()
    app.config.update(SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_SECURE=False)
    server = WsgiServer(app, ("127.0.0.1", 0))
    server.start()
    try:
        yield Hub(region, app, server.url, pages, screen, folder)
    finally:
        server.close()
        region.close()


def officer(at: Hub, album: Album, language: str) -> None:
    """Pages of analysts, supervisors and administrators, in the language of the account."""
    User.update(language=language).execute(at.region.hub.store.database)
    screen = at.screen
    at.open("ketut", r"/\?still=1")
    album.take("hub-inbox", screen, "body", most_px=760)
    at.open("ketut", r"/reports/[^/]+")
    album.take("hub-report", screen, "main", most_px=900)
    at.open("ketut", r"/pendaftaran")
    album.take("hub-enrolment", screen, "main", most_px=760)
    at.open("ketut", r"/armada")
    album.take("hub-fleet", screen, "main", most_px=700)
    at.open("ketut", r"/kasus/[^/]+")
    album.take("hub-case", screen, "main", most_px=760)
    at.open("budi", r"/buletin/2")
    album.take("hub-bulletin", screen, "main", most_px=900)
    at.open("budi", r"/hak")
    album.take("hub-rights", screen, "main", most_px=760)
    at.open("auni", r"/catatan/keadaan")
    album.take("hub-audit", screen, "main", most_px=700)


def sheet(at: Hub, album: Album, _language: str) -> None:
    """The page that an enrolment prints, which is Indonesian."""
    folder, paper = at.folder, at.folder / "sheet.pdf"
    run_here("hub", "init", str(folder / "other"), "--second-factor", "nobody")
    name = ("--village", "52.02.08.2001", "--village-name", "Pringgarata")
    run_here(
        "hub", "enrol", str(folder / "other"), *name, "--out", str(folder / "e.json"), "--sheet", str(paper)
    )
    drawn = subprocess.run(
        ["pdftoppm", "-r", "80", "-png", "-f", "1", "-l", "1", str(paper)], capture_output=True, check=True
    )
    album.keep("enrolment-sheet", drawn.stdout)
