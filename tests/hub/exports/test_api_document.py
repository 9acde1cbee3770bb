"""What the document allows in addresses."""

from __future__ import annotations

from hub.exports.api_document import COLLECTIONS, CURSOR, fits
from hub.exports.api_services import SCOPES


def test_each_collection_is_a_scope() -> None:
    assert tuple(one.name for one in COLLECTIONS) == SCOPES


def test_parameters_are_held_to_their_schema() -> None:
    asked = {name: schema for one in COLLECTIONS for name, schema in one.asked.items()}
    assert fits(asked["area"], "52.02")
    assert not fits(asked["area"], "52.02\n")
    assert not fits(asked["area"], "\u0665\u0662")
    assert fits(asked["weeks"], "26")
    assert not any(fits(asked["weeks"], text) for text in ("0", "27", "-1", "1.0", "9" * 99, ""))
    assert not fits(CURSOR, "x" * 201)
