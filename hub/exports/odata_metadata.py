"""The metadata document of the OData feed: CSDL 4.0 as XML. Pure.

It says too what is not there, so that programs sort and filter by themselves: sorting, expanding, skipping.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from hub.exports.odata_model import NAMESPACE, EntitySet

EDMX: Final = "http://docs.oasis-open.org/odata/ns/edmx"
EDM: Final = "http://docs.oasis-open.org/odata/ns/edm"
CAPABILITIES: Final = "Org.OData.Capabilities.V1"
_VOCABULARY: Final = f"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/{CAPABILITIES}.xml"
CONTAINER: Final = "Hub"


def metadata(tables: Sequence[EntitySet]) -> bytes:
    """Return the document for these tables."""
    root = ElementTree.Element("edmx:Edmx", {"xmlns:edmx": EDMX, "Version": "4.0"})
    reference = ElementTree.SubElement(root, "edmx:Reference", Uri=_VOCABULARY)
    ElementTree.SubElement(reference, "edmx:Include", Namespace=CAPABILITIES, Alias="Capabilities")
    services = ElementTree.SubElement(root, "edmx:DataServices")
    schema = ElementTree.SubElement(services, "Schema", {"xmlns": EDM, "Namespace": NAMESPACE})
    for one in tables:
        _add_type(schema, one)
    container = ElementTree.SubElement(schema, "EntityContainer", Name=CONTAINER)
    for one in tables:
        _add_set(container, one)
    level = f"{CAPABILITIES}.ConformanceLevelType/Minimal"
    _annotate(container, "ConformanceLevel", EnumMember=level)
    for term in ("BatchSupported", "AsynchronousRequestsSupported"):
        _annotate(container, term, Bool="false")
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add_type(schema: ElementTree.Element, one: EntitySet) -> None:
    entity = ElementTree.SubElement(schema, "EntityType", Name=one.entity)
    key = ElementTree.SubElement(entity, "Key")
    for name in one.key:
        ElementTree.SubElement(key, "PropertyRef", Name=name)
    for column in one.properties:
        told = {"Name": column.name, "Type": column.edm, "Nullable": str(column.nullable).lower()}
        ElementTree.SubElement(entity, "Property", told)


def _add_set(container: ElementTree.Element, one: EntitySet) -> None:
    entity = f"{NAMESPACE}.{one.entity}"
    made = ElementTree.SubElement(container, "EntitySet", Name=one.name, EntityType=entity)
    _annotate(made, "TopSupported", Bool="true")
    _annotate(made, "SkipSupported", Bool="false")
    for term, what, holds in (
        ("CountRestrictions", "Countable", one.countable),
        ("SortRestrictions", "Sortable", False),
        ("ExpandRestrictions", "Expandable", False),
        ("SearchRestrictions", "Searchable", False),
        ("InsertRestrictions", "Insertable", False),
        ("UpdateRestrictions", "Updatable", False),
        ("DeleteRestrictions", "Deletable", False),
    ):
        record = ElementTree.SubElement(_annotate(made, term), "Record")
        ElementTree.SubElement(record, "PropertyValue", Property=what, Bool=str(holds).lower())
    record = ElementTree.SubElement(_annotate(made, "FilterRestrictions"), "Record")
    ElementTree.SubElement(
        record, "PropertyValue", Property="Filterable", Bool=str(bool(one.filtered)).lower()
    )
    left = [column.name for column in one.properties if column.name not in one.filtered]
    if one.filtered:
        value = ElementTree.SubElement(record, "PropertyValue", Property="NonFilterableProperties")
        names = ElementTree.SubElement(value, "Collection")
        for name in left:
            ElementTree.SubElement(names, "PropertyPath").text = name


def _annotate(element: ElementTree.Element, term: str, **value: str) -> ElementTree.Element:
    return ElementTree.SubElement(element, "Annotation", {"Term": f"{CAPABILITIES}.{term}", **value})
