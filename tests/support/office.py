"""Somebody at a browser of a hub's real site, over Flask's client."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyotp
from village import Region
from werkzeug.test import TestResponse

from hub.account_services import Session
from hub.services import SignedIn

PASSWORD = "kentongan bertalu-talu"


@dataclass(frozen=True)
class AlwaysIn:
    """Lets one account in with any password, whether a store knows it or not: a password costs a second."""

    who: SignedIn

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        return self.who

    def begin_session(self, name: str) -> str:
        return name

    def begin_wall(self, name: str) -> str:
        return name

    def session(self, session_id: str) -> Session | None:
        return Session(self.who, "whole") if session_id == self.who.name else None

    def note_activity(self, session_id: str) -> None:
        """It has no end."""

    def end_session(self, session_id: str) -> None:
        """It has no end."""

    def enter_code(self, session_id: str, code: str) -> str | None:
        return None


class Officer:
    """An account of a hub and a browser of its own."""

    def __init__(self, region: Region, name: str, role: str, *areas: str) -> None:
        region.hub.store.accounts.add(name, role, PASSWORD, areas)
        self.region, self.name = region, name
        self.client = region.hub.create_app().test_client()

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", page="/sign-in", name=self.name, password=password)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)

    def read(self, path: str) -> str:
        """Return the page with its blanks folded; it must be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return " ".join(response.text.split())

    def post(self, path: str, *, page: str, **typed: str) -> TestResponse:
        """Post a form with the token of `page`."""
        text = self.client.get(page).text
        [token] = set(re.findall(r'name="form_token" value="([0-9a-f]+)"', text))
        return self.client.post(path, data={"form_token": token, **typed}, buffered=True)

    def code(self, secret: str) -> str:
        """Return what an authenticator with that secret shows now."""
        return pyotp.TOTP(secret).at(int(self.region.clock.wall_s()))

    def set_second_factor(self) -> tuple[str, list[str]]:
        """Set it up on the pages; return the secret and the recovery codes, when its step is over."""
        page = self.read("/akun-saya/kode")
        secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
        shown = self.post("/akun-saya/kode", page="/akun-saya/kode", code=self.code(secret))
        assert shown.status_code == 200, shown.status_code
        self.region.clock.advance(60)
        return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text)
