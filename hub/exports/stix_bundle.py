"""A network of people of interest as a bundle of STIX 2.1. Run as a program: facts as JSON in, it out.

In a process of its own: the library takes 27 MiB, which a hub that serves does not carry for a file a month.
Ids come out of what they name, so that the same thing has one id in every bundle of a hub.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Sequence
from typing import Any, Final

import stix2

SHARED: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://kentongan.invalid/stix/1")
"""For what is the same in all hubs: villages, countries."""
CREATED: Final = "2026-11-01T00:00:00.000Z"
"""An id keeps its first moment; the reports of which a thing came may be gone by the next bundle."""
TLP: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
AMBER_STRICT: Final = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
STATEMENT: Final = (
    "Suspicions out of reports of villagers, joined by staff; not a finding. Do not name anybody to villages."
)
ONE_REPORT, SEVERAL_REPORTS = 15, 50
"""Confidence, as low and medium of STIX 2.1, appendix A. More is for courts."""
Facts = dict[str, Any]


def bundle_of(facts: Facts) -> bytes:
    """Return the bundle. `facts`: hub (name), key (what its ids begin with), now (RFC 3339) and people, each
    with number, names, phones, accounts, companies, plates, routes, destinations as lists, villages as pairs
    of code and name, and the number of reports."""
    return _Bundle(facts).make()


class _Bundle:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._own = uuid.uuid5(SHARED, facts["key"])
        self._objects: dict[str, Any] = {}
        statement = stix2.StatementMarking(statement=STATEMENT)
        amber = {"extension_type": "property-extension", "tlp_2_0": "amber+strict"}
        markings = (
            stix2.MarkingDefinition(
                id=AMBER_STRICT,
                created="2022-10-01T00:00:00.000Z",
                name="TLP:AMBER+STRICT",
                extensions={TLP: amber},
            ),
            stix2.MarkingDefinition(
                id=self._id("marking-definition", STATEMENT, SHARED),
                created=CREATED,
                definition_type="statement",
                definition=statement,
            ),
        )
        self._marked = [self._keep(one) for one in markings]
        self._hub = self._add(stix2.Identity, facts["hub"], name=facts["hub"], identity_class="organization")

    def make(self) -> bytes:
        for person in self._facts["people"]:
            self._add_person(person)
        key = f"{self._facts['people'][0]['number']} {self._facts['now']}"
        made = stix2.Bundle(objects=list(self._objects.values()), id=self._id("bundle", key))
        return str(made.serialize(pretty=True)).encode()

    def _add_person(self, person: Facts) -> None:
        confidence = SEVERAL_REPORTS if person["reports"] > 1 else ONE_REPORT
        name, *aliases = person["names"] or [f"Person {person['number']}"]
        more: dict[str, Any] = {"aliases": aliases} if aliases else {}
        actor = self._add(
            stix2.ThreatActor,
            str(person["number"]),
            name=name,
            threat_actor_types=["unknown"],
            resource_level="individual",
            confidence=confidence,
            **more,
        )
        for phone in person["phones"]:
            self._relate(actor, "related-to", self._account("phone", phone), confidence)
        for account in person["accounts"]:
            self._relate(actor, "related-to", self._account("social", account), confidence)
        for company in person["companies"]:
            firm = self._add(
                stix2.Identity, f"company {company.casefold()}", name=company, identity_class="organization"
            )
            self._relate(actor, "related-to", firm, confidence)
        for kind, found in (("plate", person["plates"]), ("route", person["routes"])):
            for text in found:
                self._relate(actor, "uses", self._resource(kind, text), confidence)
        for code, village in person["villages"]:
            self._relate(actor, "located-at", self._village(code, village), confidence)
        for country in person["destinations"]:
            place = self._add(stix2.Location, country, SHARED, name=country, country=country)
            self._relate(actor, "related-to", place, confidence)

    def _account(self, kind: str, name: str) -> str:
        return self._keep(
            stix2.UserAccount(account_type=kind, user_id=name, object_marking_refs=self._marked)
        )

    def _resource(self, kind: str, text: str) -> str:
        return self._add(
            stix2.Infrastructure,
            f"{kind} {text.casefold()}",
            name=text,
            infrastructure_types=["unknown"],
            labels=[kind],
        )

    def _village(self, code: str, name: str) -> str:
        told = {"source_name": "kemendagri", "external_id": code}
        named: dict[str, Any] = {"name": name} if name else {}
        return self._add(stix2.Location, code, SHARED, country="ID", external_references=[told], **named)

    def _relate(self, one: str, kind: str, other: str, confidence: int) -> None:
        self._add(
            stix2.Relationship,
            f"{one} {kind} {other}",
            source_ref=one,
            relationship_type=kind,
            target_ref=other,
            confidence=confidence,
        )

    def _add(self, model: Any, key: str, space: uuid.UUID | None = None, **told: Any) -> str:
        name = self._id(model._type, key, space)
        if name in self._objects:
            return name
        by = {} if not hasattr(self, "_hub") or space is SHARED else {"created_by_ref": self._hub}
        return self._keep(
            model(
                id=name,
                created=CREATED,
                modified=self._facts["now"],
                object_marking_refs=self._marked,
                **by,
                **told,
            )
        )

    def _id(self, kind: str, key: str, space: uuid.UUID | None = None) -> str:
        return f"{kind}--{uuid.uuid5(space or self._own, f'{kind} {key}')}"

    def _keep(self, made: Any) -> str:
        self._objects.setdefault(made["id"], made)
        return str(made["id"])


def main(arguments: Sequence[str]) -> int:
    """Read facts from standard input, write the bundle to standard output."""
    sys.stdout.buffer.write(bundle_of(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
