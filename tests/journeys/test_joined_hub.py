"""A desk and a web process beside it on one PostgreSQL: what is written at the second reaches the village."""

from __future__ import annotations

import re
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from click.testing import CliRunner
from processes import PATIENCE_S, sample_lines, scene
from stores import store_url

from kentongan import main

pytestmark = pytest.mark.slow
VILLAGES = "/desa"
PASSWORD = "kata-sandi-untuk-uji-1"


class Staff:
    """Somebody's browser: sends a form as it stands on the page, with what was typed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def read(self, path: str) -> str:
        with self._open(self._address + path, timeout=60) as page:
            return str(page.read().decode())

    def send(self, page: str, action: str, **typed: str) -> str:
        """Fill in the form of this page whose address ends so; return the page that follows."""
        found = re.search(
            rf'<form method="post" action="([^"]*{action})[^"]*".*?</form>', self.read(page), re.S
        )
        assert found, f"no form for {action}"
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0])
        body = urllib.parse.urlencode({**dict(hidden), **typed}).encode()
        with self._open(self._address + found[1], body, timeout=60) as answer:
            return str(answer.read().decode())


def add_officer(folder: Path, password_file: Path) -> None:
    """In this process: one more takes two seconds to start."""
    password_file.write_text(PASSWORD)
    arguments = ["--role", "analyst", "--password-file", str(password_file)]
    done = CliRunner().invoke(main, ["hub", "user", "add", str(folder), "sari", *arguments])
    assert done.exit_code == 0, done.output


def test_an_answer_written_at_a_joined_process_reaches_the_village_through_the_desk(tmp_path: Path) -> None:
    words = "Kami sudah baca. Tetap di rumah dulu."
    with store_url("postgresql") as url, scene(tmp_path, hub_init=("--database", str(url))) as place:
        folder = place.hub_folder
        add_officer(folder, tmp_path / "password")
        near, far = place.start_air()
        desk = place.start_hub("--radio", far)
        joined = place._start("joined", "hub", "serve", str(folder), "--listen", "127.0.0.1:0", "--join")
        assert joined.ready["generation"] == desk.ready["generation"]
        place.start_node("--radio", near, "--quick-text")
        [(name, reply)] = place.file(sample_lines(1)).items()
        sari = Staff(joined.ready["url"])
        sari.send("/", "", name="sari", password=PASSWORD)
        deadline = time.monotonic() + PATIENCE_S
        while f"/reports/{name}" not in sari.read("/"):
            assert time.monotonic() < deadline, "the report did not arrive"
            time.sleep(0.2)
        assert words in sari.send(f"/reports/{name}", "/answer", kind="answer", text=words)
        receipt = place.wait_for_answer(reply["receipt"])
        assert [answer["text"] for answer in receipt["answers"]] == [words]
        desk.kill()
        assert words in sari.read(f"/reports/{name}")
        assert "proses utama" in sari.read(VILLAGES)
