"""Debian's Chromium as a villager's phone and an officer's screen, and what it did on the wire."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

HOW_TO_INSTALL = "install it with: apt-get install -y chromium chromium-driver w3m"
PAGE_LOAD_TIMEOUT_S = 20.0
DRIVER_TIMEOUT_S = 30.0
"""A browser that says nothing for so long has hung; without it a test would wait for ever."""


def installed(name: str) -> str:
    """Return the path of a program, or fail with the line that says how to install it."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is not on this machine; {HOW_TO_INSTALL}", pytrace=False)
    return path


class Browser:
    """One window of a browser of its own, with everything that it sent and received."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self.requested: list[str] = []
        """The address of every request, favicons and preloads included."""
        self.header_names: set[str] = set()
        """The name of every header that any answer had, in small letters."""

    def open(self, url: str) -> None:
        self.driver.get(url)

    def one(self, selector: str) -> WebElement:
        """Return the element; raise when there is none."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str = "main") -> str:
        """Return what a person reads there: folded and hidden parts are left out."""
        return self.one(selector).text

    def follow(self, words: str) -> None:
        """Press the link or button with these words in it, and wait for the page to which it leads."""
        for element in self.all("main a, main button, .account button"):
            if words in element.text:
                self.go(element)
                return
        raise AssertionError(f"nothing to press says {words!r} on {self.driver.title!r}")

    def press(self, element: WebElement) -> None:
        """Bring into view and click, as a finger does; a thing that is covered raises."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def go(self, element: WebElement) -> None:
        """Press what leads to another page, and wait until that is there."""
        before = self.one("html")
        self.press(element)
        deadline = time.monotonic() + PAGE_LOAD_TIMEOUT_S
        while not (_is_gone(before) and self._is_complete()):
            assert time.monotonic() < deadline, f"no new page after {self.driver.title!r}"
            time.sleep(0.02)

    def _is_complete(self) -> bool:
        return bool(self.driver.execute_script("return document.readyState === 'complete'"))

    def type(self, name: str, text: str) -> None:
        """Type into the input with this name, over what stands there."""
        element = self.one(f"[name='{name}']:not([type=hidden])")
        element.clear()
        element.send_keys(text)

    def value(self, name: str) -> str:
        """Return what stands in the input with this name."""
        return str(self.one(f"[name='{name}']").get_property("value"))

    def pick(self, name: str, value: str) -> None:
        """Tick a box, press a radio button or choose from a list."""
        for selector in (f"select[name='{name}'] option", f"input[name='{name}']"):
            found = self.all(f"{selector}[value='{value}']")
            if found:
                self.press(found[0])
                return
        raise AssertionError(f"{name} has no choice {value!r}")

    def visited(self) -> list[str]:
        """Return the address and title of every entry of this window's history."""
        history = self.driver.execute_cdp_cmd("Page.getNavigationHistory", {})
        return [f"{entry['url']} {entry['title']}" for entry in history["entries"]]

    def read_wire(self) -> None:
        """Take over what the browser logged about the network since the last call."""
        for line in self.driver.get_log("performance"):  # type: ignore[no-untyped-call]
            message: dict[str, Any] = json.loads(line["message"])["message"]
            parameters = message.get("params", {})
            if message["method"] == "Network.requestWillBeSent":
                self.requested.append(parameters["request"]["url"])
            elif message["method"] == "Network.responseReceivedExtraInfo":
                self.header_names |= {name.lower() for name in parameters["headers"]}
            elif message["method"] == "Network.responseReceived":
                self.header_names |= {name.lower() for name in parameters["response"]["headers"]}


@contextlib.contextmanager
def open_browser(
    profile: Path,
    *,
    width: int,
    height: int,
    javascript: bool,
    phone: bool = False,
    names_at: Mapping[str, str] | None = None,
) -> Iterator[Browser]:
    """Start a fresh Chromium that can reach this machine only; end it whatever happens.

    `names_at` tells where names of the internet lead (name -> host and port); all others lead nowhere.
    """
    rules = "".join(f"MAP {name} {at}, " for name, at in (names_at or {}).items())
    options = ChromeOptions()
    options.binary_location = installed("chromium")
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-component-update",
        "--disable-sync",
        "--lang=id",
        f"--host-resolver-rules={rules}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={profile}",
        f"--window-size={max(width, 500)},{height}",
    ):
        options.add_argument(argument)
    prefs: dict[str, object] = {"intl.accept_languages": "id"}
    if not javascript:
        prefs["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", prefs)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    service = ChromeService(installed("chromedriver"))
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DRIVER_TIMEOUT_S)
    try:
        driver = Chrome(options, service)
    except BaseException:
        _kill_all_of(profile)
        raise
    finally:
        socket.setdefaulttimeout(before)
    try:
        driver.set_page_load_timeout(PAGE_LOAD_TIMEOUT_S)
        # A window is never narrower than some 500 px, a phone is.
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone},
        )
        yield Browser(driver)
    finally:
        driver.quit()
        _kill_all_of(profile)


def _is_gone(element: WebElement) -> bool:
    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    except WebDriverException as error:
        # What the driver says when the page changes while it looks.
        if "does not belong to the document" not in str(error):
            raise
        return True
    return False


def _kill_all_of(profile: Path) -> None:
    """End what is left of the browser that used this folder, should it not have ended by itself."""
    wanted = f"--user-data-dir={profile}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)


def faults_of_page(browser: Browser) -> list[str]:
    """Return what would stop somebody with a screen reader, a keyboard or an old phone on this page."""
    faults: list[str] = browser.driver.execute_script(_FAULTS)
    return [f"{browser.driver.title}: {fault}" for fault in faults]


_FAULTS = """
const faults = [];
if (!/^(id|en)$/.test(document.documentElement.lang)) faults.push('lang is neither "id" nor "en"');
if (!document.title.trim()) faults.push('no title');
const headings = document.querySelectorAll('h1').length;
if (headings !== 1) faults.push(headings + ' h1');
if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
  if (!field.labels || !field.labels.length || !field.labels[0].textContent.trim())
    faults.push('no label: ' + field.name);
}
for (const element of document.querySelectorAll('[aria-describedby]'))
  for (const id of element.getAttribute('aria-describedby').split(' '))
    if (!document.getElementById(id)) faults.push('described by nothing: ' + id);
for (const link of document.querySelectorAll('a[href^="#"]'))
  if (!document.getElementById(link.getAttribute('href').slice(1)))
    faults.push('leads nowhere: ' + link.getAttribute('href'));
const ids = Array.from(document.querySelectorAll('[id]'), element => element.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push('twice: id ' + id);
for (const element of document.querySelectorAll('*'))
  for (const attribute of element.attributes)
    if (attribute.name.startsWith('on')) faults.push('inline handler: ' + attribute.name);
for (const script of document.querySelectorAll('script[src]'))
  if (!script.getAttribute('src').startsWith('/static/')) faults.push('a script from elsewhere');
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
if (wide > 0) faults.push('scrolls sideways by ' + wide + ' px');
return faults;
"""
