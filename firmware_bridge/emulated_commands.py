"""The commands that the emulated modem understands, and how it refuses others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from firmware_bridge.emulated_sim import READ, UNREAD
from firmware_bridge.emulated_sms_network import CENTRE

if TYPE_CHECKING:
    from firmware_bridge.emulated_modem import EmulatedModem

WORDS = {
    ("CME", 10): "SIM not inserted",
    ("CME", 11): "SIM PIN required",
    ("CME", 12): "SIM PUK required",
    ("CME", 16): "incorrect password",
    ("CMS", 310): "SIM not inserted",
    ("CMS", 331): "no network service",
}


class Refused(Exception):
    """A command refused: CME or CMS and its number, or no number for plain ERROR."""

    def __init__(self, kind: str = "", code: int = 0) -> None:
        super().__init__(f"{kind} {code}")
        self.kind = kind
        self.code = code

    def line(self, error_words: int) -> str:
        """Return the final line; `error_words` is what AT+CMEE set."""
        if not self.kind or (self.kind == "CME" and error_words == 0):
            return "ERROR"
        if error_words == 2:
            return f"+{self.kind} ERROR: {WORDS.get((self.kind, self.code), 'unknown error')}"
        return f"+{self.kind} ERROR: {self.code}"


def answer_command(modem: EmulatedModem, command: str) -> Iterator[str]:
    """Return the lines that answer one command. Raises Refused."""
    name, sign, rest = _split(command)
    if (text := _FIXED.get(f"{name}{sign}{rest}")) is not None:
        yield from text
        return
    handler = _HANDLERS.get((name, sign))
    if handler is None:
        raise Refused("", 0)
    yield from handler(modem, rest) or []


def _split(command: str) -> tuple[str, str, str]:
    """Return name, one of "", "?", "=?", "=", and what follows."""
    found = re.fullmatch(r"(\+[A-Za-z]+|[A-Za-z&]+)(=\?|\?|=)?(.*)", command.strip(), re.DOTALL)
    if found is None:
        return "", "", ""
    if not command.startswith("+") and found[2] is None:
        return command.upper(), "", ""
    return found[1].upper(), found[2] or "", found[3]


_FIXED: dict[str, tuple[str, ...]] = {
    "": (),
    "Z": (),
    "&F": (),
    "V1": (),
    "Q0": (),
    "I": ("EMULATED MODEM", "Revision: 1"),
    "+CGMI": ("KENTONGAN",),
    "+CGMR": ("1.0",),
    "+CGSN": ("000000000000000",),
    "+CSMS=?": ("+CSMS: (0)",),
    "+CSMS?": ("+CSMS: 0,1,1,1",),
    "+CSMS=0": ("+CSMS: 1,1,1",),
    "+CMGF=?": ("+CMGF: (0)",),
    "+CREG=?": ("+CREG: (0-1)",),
    "+CMEE=?": ("+CMEE: (0-2)",),
    "+CSCS=?": ('+CSCS: ("GSM","UCS2","IRA")',),
    "+CSCS?": ('+CSCS: "GSM"',),
    '+CSCS="GSM"': (),
    '+CSCS="UCS2"': (),
    "+CPAS": ("+CPAS: 0",),
    "+CBC": ("+CBC: 0,100",),
    "+CMGS=?": (),
    "+CPMS=?": ('+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")',),
    "+CNMI=?": ("+CNMI: (0-2),(0-2),(0),(0),(0-1)",),
}


def _number(text: str, allowed: range | tuple[int, ...], kind: str = "", code: int = 0) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) not in allowed:
        raise Refused(kind, code)
    return int(text)


def _echo_on(modem: EmulatedModem, rest: str) -> None:
    modem.echoes = True


def _echo_off(modem: EmulatedModem, rest: str) -> None:
    modem.echoes = False


def _errors(modem: EmulatedModem, rest: str) -> None:
    modem.error_words = _number(rest, range(3))


def _model(modem: EmulatedModem, rest: str) -> list[str]:
    return [modem.ways.model]


def _imsi(modem: EmulatedModem, rest: str) -> list[str]:
    modem.check_card("CME")
    return ["000000000000000"]


def _card(modem: EmulatedModem, rest: str) -> list[str]:
    if modem.sim.state is None:
        raise Refused("CME", 10)
    return [f"+CPIN: {modem.sim.state}"]


def _enter_pin(modem: EmulatedModem, rest: str) -> None:
    if modem.sim.state is None:
        raise Refused("CME", 10)
    if not modem.sim.enter_pin(rest.strip('"')):
        raise Refused("CME", 12 if modem.sim.state == "SIM PUK" else 16)


def _network(modem: EmulatedModem, rest: str) -> list[str]:
    return [f"+CREG: {modem.tells_network},{modem.settings.network}"]


def _tell_network(modem: EmulatedModem, rest: str) -> None:
    modem.tells_network = _number(rest, range(2), "CME", 3)


def _operator(modem: EmulatedModem, rest: str) -> list[str]:
    return ['+COPS: 0,0,"EMULATOR"' if modem.settings.network in (1, 5) else "+COPS: 0"]


def _signal(modem: EmulatedModem, rest: str) -> list[str]:
    return [f"+CSQ: {modem.settings.signal or 99},99"]


def _centre(modem: EmulatedModem, rest: str) -> list[str]:
    modem.check_card("CMS")
    return [f'+CSCA: "{CENTRE}",145' if modem.settings.centre else '+CSCA: "",129']


def _mode(modem: EmulatedModem, rest: str) -> None:
    _number(rest, (0,), "CMS", 303)
    modem.pdu_mode = True


def _ask_mode(modem: EmulatedModem, rest: str) -> list[str]:
    return ["+CMGF: 0"]


def _figures(modem: EmulatedModem, name: str) -> str:
    store = modem.store_named(name)
    return f"{len(store.slots)},{store.size}"


def _ask_stores(modem: EmulatedModem, rest: str) -> list[str]:
    modem.check_card("CMS")
    return ["+CPMS: " + ",".join(f'"{name}",{_figures(modem, name)}' for name in modem.stores)]


def _set_stores(modem: EmulatedModem, rest: str) -> list[str]:
    modem.check_card("CMS")
    names = re.fullmatch(r'"([A-Z]+)"(?:, *"([A-Z]+)")?(?:, *"([A-Z]+)")?', rest)
    if names is None:
        raise Refused("CMS", 302)
    for index, name in enumerate(names.groups()):
        if name is not None:
            modem.store_named(name)
            modem.stores[index] = name
    return ["+CPMS: " + ",".join(_figures(modem, name) for name in modem.stores)]


def _set_news(modem: EmulatedModem, rest: str) -> None:
    figures = rest.split(",")
    if not 1 <= len(figures) <= 5:
        raise Refused("CMS", 303)
    allowed: tuple[tuple[int, ...], ...] = (modem.ways.news_modes, (0, 1, 2), (0,), (0,), (0, 1))
    values = list(modem.news)
    for index, figure in enumerate(figures):
        values[index] = _number(figure.strip(), allowed[index], "CMS", 303)
    modem.news = (values[0], values[1], values[2], values[3], values[4])


def _ask_news(modem: EmulatedModem, rest: str) -> list[str]:
    return ["+CNMI: " + ",".join(str(value) for value in modem.news)]


def _list(modem: EmulatedModem, rest: str) -> Iterator[str]:
    modem.check_card("CMS")
    wanted = _number(rest or "0", range(5), "CMS", 302)
    for slot, stored in sorted(modem.store_named(modem.stores[0]).slots.items()):
        if wanted in (4, stored.state):
            yield f"+CMGL: {slot},{stored.state},,{_length(stored.pdu)}\r\n{stored.pdu.hex().upper()}"
            stored.state = READ if stored.state == UNREAD else stored.state


def _read(modem: EmulatedModem, rest: str) -> list[str]:
    modem.check_card("CMS")
    store = modem.store_named(modem.stores[0])
    stored = store.slots.get(_number(rest, range(1, store.size + 1), "CMS", 321))
    if stored is None:
        raise Refused("CMS", 321)
    line = f"+CMGR: {stored.state},,{_length(stored.pdu)}\r\n{stored.pdu.hex().upper()}"
    stored.state = READ if stored.state == UNREAD else stored.state
    return [line]


def _length(pdu: bytes) -> int:
    return max(0, len(pdu) - 1 - pdu[0]) if pdu else 0


def _delete(modem: EmulatedModem, rest: str) -> None:
    modem.check_card("CMS")
    store = modem.store_named(modem.stores[0])
    first, _, flag = rest.partition(",")
    what = _number(flag.strip() or "0", range(5), "CMS", 302)
    if what == 4:
        store.slots.clear()
    elif what == 0:
        store.slots.pop(_number(first, range(1, store.size + 1), "CMS", 321), None)
    else:
        for slot in [s for s, stored in store.slots.items() if stored.state != UNREAD]:
            del store.slots[slot]
    modem.room_was_made()


def _delete_range(modem: EmulatedModem, rest: str) -> list[str]:
    size = modem.store_named(modem.stores[0]).size
    return [f"+CMGD: (1-{size}),(0-4)"]


def _function(modem: EmulatedModem, rest: str) -> None:
    if rest not in ("1", "1,1"):
        raise Refused("CME", 4)
    if rest == "1,1":
        modem.restart_soon()


_Handler = Callable[["EmulatedModem", str], "Iterator[str] | list[str] | None"]

_HANDLERS: dict[tuple[str, str], _Handler] = {
    ("E0", ""): _echo_off,
    ("E1", ""): _echo_on,
    ("+CMEE", "="): _errors,
    ("+CGMM", ""): _model,
    ("+CIMI", ""): _imsi,
    ("+CPIN", "?"): _card,
    ("+CPIN", "="): _enter_pin,
    ("+CREG", "?"): _network,
    ("+CREG", "="): _tell_network,
    ("+COPS", "?"): _operator,
    ("+CSQ", ""): _signal,
    ("+CSCA", "?"): _centre,
    ("+CMGF", "="): _mode,
    ("+CMGF", "?"): _ask_mode,
    ("+CPMS", "?"): _ask_stores,
    ("+CPMS", "="): _set_stores,
    ("+CNMI", "="): _set_news,
    ("+CNMI", "?"): _ask_news,
    ("+CMGL", "="): _list,
    ("+CMGL", ""): _list,
    ("+CMGR", "="): _read,
    ("+CMGD", "="): _delete,
    ("+CMGD", "=?"): _delete_range,
    ("+CFUN", "="): _function,
}
