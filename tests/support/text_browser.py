"""Debian's w3m in a terminal of its own: the site for whoever has text only, and for screen readers."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
from browser import installed

PATIENCE_S = 30.0
COLUMNS, LINES = 80, 120
"""A terminal long enough for every page, so that nothing is scrolled out of sight."""


class TextBrowser:
    """One w3m; what it shows is what a terminal would show."""

    def __init__(self, process: pexpect.spawn, story_file: Path) -> None:
        self._process = process
        self._story_file = story_file
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.Stream(self._screen)

    def shown(self) -> str:
        """Return the screen as it is now."""
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                self._stream.feed(self._process.read_nonblocking(65536, timeout=0.05))
        return "\n".join(line.rstrip() for line in self._screen.display)

    def wait_for(self, words: str) -> str:
        """Return the screen once it shows the words."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in (screen := self.shown()):
            assert time.monotonic() < deadline, f"{words!r} is not there:\n{screen.strip()}"
        return screen

    def press(self, words: str) -> str:
        """Find a link or button by its words (a pattern), press it and return the page that it leads to."""
        before = self.wait_for(words.strip("^$"))
        self._find(words)
        self._process.send("\r")
        deadline = time.monotonic() + PATIENCE_S
        while _page(screen := self.shown()) == _page(before) or not _page(screen):
            assert time.monotonic() < deadline, f"{words!r} leads nowhere:\n{screen.strip()}"
        return screen

    def fill(self, heading: str, text: str) -> None:
        """Type into the line or box that comes next after a heading."""
        self.wait_for(heading)
        self._story_file.write_text(text, "utf-8")  # what the editor puts into a box of several lines
        self._find(heading)
        self._process.send("\t\r")
        while text[:10] not in (screen := self.shown()):
            if "TEXT:" in screen:
                self._process.send(f"{text}\r")
        assert text[:10] in screen

    def _find(self, words: str) -> None:
        # Searching goes on from the cursor; "g" puts it on the first line.
        self._process.send(f"g/{words}\r")


def _page(screen: str) -> str:
    """Without the last line, in which w3m says what it does."""
    return screen.rpartition("\n")[0].strip()


@contextlib.contextmanager
def open_text_browser(home: Path, url: str) -> Iterator[TextBrowser]:
    """Start w3m with an empty home folder; end it whatever happens."""
    home.mkdir()
    story, editor = home / "story", home / "editor"
    editor.write_text(f'#!/bin/sh\ncat "{story}" > "$1"\n')
    editor.chmod(0o755)
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "TERM": "vt100",
        "LANG": "C.UTF-8",
        "EDITOR": str(editor),
    }
    process = pexpect.spawn(
        installed("w3m"),
        ["-no-cookie", url],
        env=environment,
        dimensions=(LINES, COLUMNS),
        encoding="utf-8",
        timeout=PATIENCE_S,
    )
    try:
        yield TextBrowser(process, story)
    finally:
        process.close(force=True)
