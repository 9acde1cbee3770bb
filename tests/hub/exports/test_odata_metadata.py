"""The metadata document: names that are declared, types that there are, and what is said not to be there.

Its form was held against the XML schemas of OASIS (edmx.xsd, edm.xsd) by hand; they come in no package.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hub.exports.odata_metadata import CAPABILITIES, EDM, EDMX, metadata
from hub.exports.odata_model import NAMESPACE, entity_sets

TABLES = entity_sets(["reports", "cases", "counts", "referrals"])
ROOT = ElementTree.fromstring(metadata(TABLES))


def every(name: str) -> list[ElementTree.Element]:
    return list(ROOT.iter(f"{{{EDM}}}{name}"))


def test_the_document_has_the_parts_that_csdl_asks_for_in_their_order() -> None:
    assert (ROOT.tag, ROOT.get("Version")) == (f"{{{EDMX}}}Edmx", "4.0")
    assert [one.tag for one in ROOT] == [f"{{{EDMX}}}Reference", f"{{{EDMX}}}DataServices"]
    [schema] = every("Schema")
    assert [one.tag.partition("}")[2] for one in schema] == ["EntityType"] * len(TABLES) + ["EntityContainer"]
    for entity in every("EntityType"):
        parts = [one.tag.partition("}")[2] for one in entity]
        assert parts == ["Key", *["Property"] * (len(parts) - 1)]
    names = [one.get("Name", "") for one in ROOT.iter() if one.get("Name")]
    assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]{0,127}", name) for name in names)


def test_every_table_has_a_type_with_a_key_of_columns_that_are_never_empty() -> None:
    types = {f"{NAMESPACE}.{one.get('Name')}": one for one in every("EntityType")}
    assert len(types) == len(TABLES)
    for one in every("EntitySet"):
        entity = types[one.get("EntityType", "")]
        columns = {p.get("Name"): p for p in entity.iter(f"{{{EDM}}}Property")}
        assert len(columns) == len(list(entity.iter(f"{{{EDM}}}Property")))
        for key in entity.iter(f"{{{EDM}}}PropertyRef"):
            assert columns[key.get("Name")].get("Nullable") == "false"
    primitive = {"Edm.String", "Edm.Date", "Edm.DateTimeOffset", "Edm.Int32", "Edm.Boolean"}
    assert {one.get("Type") for one in every("Property")} == primitive


def test_programs_are_told_to_sort_and_filter_by_themselves() -> None:
    for table, one in zip(TABLES, every("EntitySet"), strict=True):
        told = {value.get("Property"): value.get("Bool") for value in one.iter(f"{{{EDM}}}PropertyValue")}
        assert (told["Sortable"], told["Expandable"], told["Insertable"]) == ("false",) * 3
        assert told["Filterable"] == str(bool(table.filtered)).lower()
        assert told["Countable"] == str(table.repeats is None).lower()
        left = {path.text for path in one.iter(f"{{{EDM}}}PropertyPath")}
        assert not left & set(table.filtered)
    terms = {one.get("Term", "").rpartition(".")[0] for one in every("Annotation")}
    assert terms == {CAPABILITIES}
