"""Which known place a route leads through. Pure.

Routes are free text, and free text may name people: what is counted is a key of this list and nothing else.
Of several places the last one in Indonesia is taken: the last at which somebody can still be asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NOT_SAID: Final = ""
OTHER: Final = "other"
"""A route is said, but no place of the list is in it, or only one in the country of destination."""
SEA: Final = "sea"
"""By boat or an unofficial crossing, and no place is said."""


@dataclass(frozen=True)
class Place:
    """A place on the way: its name, its country (ISO 3166-1 alpha-2), and how people write it."""

    name: str
    country: str
    words: tuple[str, ...]


def _in(country: str, **names: str) -> dict[str, Place]:
    return {
        key: Place(words.split(",")[0].title(), country, tuple(words.split(",")))
        for key, words in names.items()
    }


PLACES: Final[Mapping[str, Place]] = {
    **_in(
        "ID",
        batam="batam,batu ampar,batuampar,sekupang,nongsa,batam center",
        tanjung_pinang="tanjung pinang,tanjungpinang,bintan",
        karimun="karimun,tanjung balai karimun",
        dumai="dumai,rupat,bengkalis",
        tanjung_balai_asahan="tanjung balai asahan,tanjung balai,asahan",
        medan="medan,kualanamu,kuala namu,belawan",
        entikong="entikong",
        aruk="aruk,sambas,sajingan",
        badau="badau,nanga badau",
        pontianak="pontianak,supadio",
        nunukan="nunukan",
        sebatik="sebatik,sungai nyamuk",
        tarakan="tarakan",
        jakarta="jakarta,soekarno hatta,soetta,cengkareng,tanjung priok,tangerang",
        surabaya="surabaya,juanda,tanjung perak",
        lembar="lembar,lombok",
        bali="bali,denpasar,ngurah rai,benoa",
        kupang="kupang,tenau,bolok,el tari",
        larantuka="larantuka,waiwerang",
        maumere="maumere",
        waikelo="waikelo,tambolaka",
        makassar="makassar,sultan hasanuddin",
        pare_pare="pare pare,parepare",
        balikpapan="balikpapan,sepinggan",
        manado="manado,bitung",
        sangihe="sangihe,tahuna",
        merauke="merauke,sota",
        atambua="atambua,mota ain,motaain",
        kalimantan="kalimantan",
        dobo="dobo,benjina,tual",
    ),
    **_in(
        "MY",
        malaysia="malaysia,johor,johor bahru,penang,pulau pinang,kuala lumpur,kelantan,klang,melaka,sarawak",
        kuching="kuching,tebedu",
        tawau="tawau,sabah,sandakan,lahad datu,kota kinabalu",
    ),
    **_in("SG", singapore="singapura,singapore,singapur"),
    **_in("TH", thailand="thailand,bangkok,mae sot,chiang rai,chiang mai,hat yai,hatyai"),
    **_in("VN", vietnam="vietnam,ho chi minh,saigon"),
    **_in("PH", philippines="filipina,manila"),
    **_in("AE", emirates="uni emirat arab,dubai,abu dhabi"),
    **_in("QA", qatar="qatar,doha"),
    **_in("HK", hong_kong="hong kong,hongkong"),
}
KEYS: Final = frozenset({*PLACES, OTHER, SEA})
_BY_WORDS: Final = {words: key for key, place in PLACES.items() for words in place.words}
_ANY: Final = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _BY_WORDS), key=len, reverse=True)) + r")\b")


def transit_of(route: str | None, destination: str | None, *, by_sea: bool = False) -> str:
    """Return the key of the place that a route leads through, `OTHER`, `SEA` or `NOT_SAID`."""
    text = " ".join(re.sub(r"[^\w]+", " ", (route or "").casefold()).split())
    if not text:
        return SEA if by_sea else NOT_SAID
    found = [_BY_WORDS[match[1]] for match in _ANY.finditer(text)]
    at_home = [key for key in found if PLACES[key].country == "ID"]
    if at_home:
        return at_home[-1]
    abroad = [key for key in found if PLACES[key].country != destination]
    if abroad:
        return abroad[0]
    return OTHER
