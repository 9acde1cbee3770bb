"""Somebody at a browser of a hub's real site, over Flask's client."""

from __future__ import annotations

import re

import pyotp
from village import Region
from werkzeug.test import TestResponse

PASSWORD = "kentongan bertalu-talu"


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
