"""A technician's commands at a box, and the pictures of what they print."""

from __future__ import annotations

import html
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from browser import Browser
from guide_album import Album
from guide_village_stories import Village
from processes import run

ROOT = Path(__file__).resolve().parents[2]
AS_BOX = "sudo -u kentongan /opt/kentongan/venv/bin/kentongan"
BOX = "/var/lib/kentongan/node"
WIDTH_PX, HEIGHT_PX = 800, 760
MOST_LINES = 11
"""Of a long list: so many from its beginning, and the last."""


def technician(at: Village, album: Album, _language: str) -> None:
    """A trial of the installer, a box out of an enrolment, and what a doctor finds at a box that runs."""
    folder = at.play.folder
    enrolment = at.play.enrol("other.json", "52.02.08.2009")
    root = folder / "card"
    root.mkdir()
    install = [sys.executable, str(ROOT / "scripts" / "install-node"), "--dry-run", "--root", str(root)]
    install += ["--enrolment", str(enrolment), "--wifi-name", "Desa Contoh"]
    tried = subprocess.run(install, capture_output=True, text=True, check=True)
    typed = 'sudo scripts/install-node --enrolment enrolment.json --wifi-name "Desa Contoh" --dry-run'
    lines = tried.stderr.splitlines()
    terminal(at.screen, typed, "\n".join([*lines[:MOST_LINES], "  ...", lines[-1]]))
    album.take("dry-run", at.screen, "pre", most_px=HEIGHT_PX)
    made = run("node", "init", str(folder / "other"), "--enrolment", str(enrolment))
    terminal(at.screen, f"{AS_BOX} node init {BOX} --enrolment enrolment.json", made.stdout + made.stderr)
    album.take("init", at.screen, "pre", most_px=HEIGHT_PX)
    key = at.play.node_folder / "node.key"
    key.chmod(0o644)
    try:
        found = run("node", "doctor", str(at.play.node_folder), check=False)
    finally:
        key.chmod(0o600)
    terminal(at.screen, f"{AS_BOX} node doctor {BOX}", found.stdout.replace(str(at.play.node_folder), BOX))
    album.take("doctor", at.screen, "pre", most_px=HEIGHT_PX)


def terminal(screen: Browser, typed: str, printed: str) -> None:
    """Show a command and what it printed, as a terminal of 80 columns does."""
    screen.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": WIDTH_PX, "height": HEIGHT_PX, "deviceScaleFactor": 1, "mobile": False},
    )
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>terminal</title>'
        "<body style='margin:0'><pre style='background:#fff;color:#111;font:15.5px/1.35 monospace;margin:0;"
        "padding:10px;white-space:pre-wrap;overflow-wrap:anywhere'>"
        f"<b>$ {html.escape(typed)}</b>\n{html.escape(printed.rstrip())}</pre></body></html>"
    )
    screen.open(f"data:text/html;charset=utf-8,{quote(page)}")
