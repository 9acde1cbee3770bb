"""Takes the pictures that guides show: parts of real pages, sharp enough for paper."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path

from browser import Browser

MARGIN_PX = 8
SHARPNESS = 2
"""Dots of a picture for each pixel of the page."""
MOST_PX = 650
"""What is taller is printed smaller than a phone shows it, and is hard to read."""


@dataclass
class Album:
    """The pictures of one language, in a folder of their own."""

    folder: Path
    taken: set[str] = field(default_factory=set)

    def take(
        self, name: str, browser: Browser, first: str = "body", last: str = "", *, most_px: int = MOST_PX
    ) -> None:
        """Take the page from the top of the first thing that `first` finds to the foot of the last that
        `last` finds, in all its width; `most_px` cuts it there."""
        box: dict[str, float] = browser.driver.execute_script(_BOX, first, last or first)
        assert box, f"{name}: {first} or {last} is not on {browser.driver.title!r}"
        top = max(0.0, box["top"] - MARGIN_PX)
        height = box["bottom"] + MARGIN_PX - top
        clip = {
            "x": 0,
            "y": top,
            "width": box["width"],
            "height": min(height, most_px),
            "scale": SHARPNESS,
        }
        shot = browser.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
        )
        self.keep(name, base64.b64decode(shot["data"]))

    def keep(self, name: str, png: bytes) -> None:
        """Keep a picture that was made in another way."""
        assert name not in self.taken, f"{name} was taken twice"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.png").write_bytes(png)
        self.taken.add(name)


_BOX = """
const first = document.querySelector(arguments[0]);
const all = document.querySelectorAll(arguments[1]);
if (!first || !all.length) return null;
const y = window.scrollY;
return {
  top: first.getBoundingClientRect().top + y,
  bottom: all[all.length - 1].getBoundingClientRect().bottom + y,
  width: window.innerWidth,
};
"""
