"""Answers as fragments of the material: to append to passages.toml and facts.toml before a pack is signed.

Pure. `kentongan content check` reads the whole again, for what no form can see (easy words, old sources).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from content.catalogue import BASE_LANGUAGE
from content.passages import PARTED_BY
from hub.gaps.services import GapAnswer

PASSAGES, FACTS = "passages.toml", "facts.toml"


def fragments(answers: Iterable[tuple[int, GapAnswer]], hub: str) -> dict[str, str]:
    """Return TOML by file name; `hub` keeps the keys of two hubs apart (small letters and digits)."""
    passages, facts = [], []
    for number, answer in answers:
        key = f"celah_{hub}_{number}"
        passages.append(
            _table(
                "passages",
                key=key,
                title=answer.title,
                text=list(answer.lines),
                asks=PARTED_BY.join(answer.asks),
                facts=[key],
            )
        )
        told = {
            "text": " ".join(answer.lines),
            "source": answer.source,
            "dated": answer.dated,
            "verified": answer.verified,
        }
        facts.append(
            _table("register", key=key, **told, **({"address": answer.address} if answer.address else {}))
        )
    return {PASSAGES: "".join(passages), FACTS: "".join(facts)}


def with_answers(files: Mapping[str, bytes], found: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of the material with the fragments at the ends of theirs."""
    paths = {f"languages/{BASE_LANGUAGE}/{name}": text.encode("utf-8") for name, text in found.items()}
    return {**files, **{path: files[path] + text for path, text in paths.items()}}


def _table(name: str, **values: object) -> str:
    # What JSON writes without control characters, TOML reads alike.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join(["", f"[[{name}]]", *lines, ""])
