"""Reads whom the hub knows: people in cases, people of interest, and whom reports in cases name.

Read whole for each check. A hub has as many such reports as its staff put into cases or decided about; ten
thousand of them took 0.4 s on one core.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from hub.accounts.areas import sees
from hub.bulletins.naming import KnownPeople
from hub.cases.case_models import CaseFile, CasePerson, CaseReport
from hub.cases.models import Triage
from hub.cases.visible import visible_case
from hub.imports.models import ImportedCase
from hub.linking.marks import find_handles
from hub.linking.names import is_known_name, parse_name
from hub.linking.phones import as_e164, find_phones
from hub.links.models import LinkEvidence, LinkMember
from hub.services import SignedIn
from sync.storage.database import connect

_BETWEEN = re.compile(r"[,;/\n]|\balias\b|\bdan\b")


def known_people(database: Any, who: SignedIn) -> KnownPeople:
    """Return names, numbers and accounts of those of the cases and reports that an account may see."""
    connect(database)
    names: set[tuple[str, ...]] = set()
    phones: set[str] = set()
    handles: set[str] = set()
    for name, numbers in _written(database, who):
        names |= _names(name)
        handles |= set(find_handles(name))
        phones |= _numbers(numbers)
    for body in _evidence(database, who):
        row = json.loads(body)
        names |= {tuple(word for word in words if len(word) > 1) for words, _ in row.get("names", ())}
        # Words inside a story that look like names may be anything; those of the table of names are people.
        names |= {(word,) for word in row.get("people", ()) if is_known_name(word)}
        phones |= set(row.get("phones", ()))
        handles |= set(row.get("handles", ()))
    return KnownPeople(frozenset(names - {()}), frozenset(phones), frozenset(handles))


def _written(database: Any, who: SignedIn) -> Iterator[tuple[str, str]]:
    """Yield names and numbers as people typed them into cases, or as other agencies sent them."""
    rows = CasePerson.select(CasePerson.name, CasePerson.phones)
    imported = ImportedCase.select(ImportedCase.told)
    if who.areas:
        cases = CaseFile.select(CaseFile.id).where(visible_case(who))
        rows, imported = rows.where(CasePerson.case.in_(cases)), imported.where(ImportedCase.case.in_(cases))
    yield from rows.tuples().execute(database)
    for (told,) in imported.tuples().execute(database):
        said = json.loads(told)
        for name, number in (("person", "phone"), ("recruiter", "recruiter_phone")):
            yield said.get(name) or "", said.get(number) or ""


def _evidence(database: Any, who: SignedIn) -> Iterator[str]:
    """Yield what linking kept of reports in cases and of people of interest, each once."""
    cases = CaseReport.select(CaseReport.report)
    people = LinkMember.select(LinkMember.report).where(LinkMember.kind == "recruiter")
    query = LinkEvidence.select(LinkEvidence.body).where(
        LinkEvidence.report.in_(cases) | LinkEvidence.report.in_(people)
    )
    if who.areas:
        seen = Triage.select(Triage.report).where(sees(who, Triage.village))
        query = query.where(LinkEvidence.report.in_(seen))
    for (body,) in query.tuples().execute(database):
        yield body


def _names(text: str) -> set[tuple[str, ...]]:
    parsed = (parse_name(part) for part in _BETWEEN.split(text))
    return {name.full for name in parsed if name is not None}


def _numbers(text: str) -> set[str]:
    lines: Iterable[str] = re.split(r"[\n;,]", text)
    alone = {number for line in lines if (number := as_e164(line)) is not None}
    return alone | set(find_phones(text))
