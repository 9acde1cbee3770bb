"""A bundle of STIX 2.1: valid to the validator of OASIS, and the same ids each time."""

from __future__ import annotations

import json
import warnings
from typing import Any

from hub.exports.stix_bundle import AMBER_STRICT, SHARED, bundle_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of packages that the validator loads
    from stix2validator import ValidationOptions, validate_string

PERSON: dict[str, Any] = {
    "number": 3,
    "names": ["Wayan Contohe", "Pak W"],
    "phones": ["+6281200004321"],
    "accounts": ["wayan.contoh"],
    "companies": ["PT Maju Contoh"],
    "plates": ["DR 1 XY"],
    "routes": ["Batam"],
    "destinations": ["MY"],
    "villages": [["52.02.08.2001", "Desa Contoh"]],
    "reports": 2,
}
OTHER = {**PERSON, "number": 4, "names": [], "routes": [], "plates": [], "reports": 1}
FACTS: dict[str, Any] = {
    "hub": "Hub Contoh",
    "key": "ab",
    "now": "2027-01-15T04:00:00.000Z",
    "people": [PERSON, OTHER],
}


def objects(**changes: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bundle_of({**FACTS, **changes}))["objects"]
    return found


def test_the_validator_of_oasis_finds_nothing_wrong() -> None:
    # Ids come out of names on purpose (103), and the vocabulary of accounts knows no phone (244).
    options = ValidationOptions(version="2.1", strict=True, enforce_refs=True, disabled=["103", "244"])
    found = validate_string(bundle_of(FACTS).decode(), options)
    assert found.is_valid, [str(error) for error in found.errors]


def test_everything_is_marked_and_every_reference_leads_somewhere() -> None:
    found = objects()
    ids = {one["id"] for one in found}
    assert len(ids) == len(found)
    for one in found:
        if one["type"] != "marking-definition":
            assert AMBER_STRICT in one["object_marking_refs"]
            assert set(one["object_marking_refs"]) <= ids
        refs = [one[name] for name in ("source_ref", "target_ref", "created_by_ref") if name in one]
        assert set(refs) <= ids


def test_two_people_hang_together_by_what_they_share() -> None:
    found = objects()
    actors = {one["name"]: one for one in found if one["type"] == "threat-actor"}
    assert actors["Wayan Contohe"]["aliases"] == ["Pak W"]
    assert (actors["Wayan Contohe"]["confidence"], actors["Person 4"]["confidence"]) == (50, 15)
    [phone] = [one["id"] for one in found if one.get("user_id") == "+6281200004321"]
    ends = {one["source_ref"] for one in found if one.get("target_ref") == phone}
    assert ends == {one["id"] for one in actors.values()}
    assert [
        one["external_references"][0]["external_id"] for one in found if one.get("name") == "Desa Contoh"
    ] == ["52.02.08.2001"]


def test_ids_come_out_of_what_they_name() -> None:
    assert bundle_of(FACTS) == bundle_of(FACTS)
    before, later = objects(), objects(now="2027-02-01T00:00:00.000Z")
    assert [one["id"] for one in before] == [one["id"] for one in later]
    elsewhere = {one["id"] for one in objects(key="cd")}
    same = {one["type"] for one in before if one["id"] in elsewhere}
    assert same == {"marking-definition", "location", "user-account"}
    assert SHARED.version == 5
