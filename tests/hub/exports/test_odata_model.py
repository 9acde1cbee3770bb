"""Tables out of the list of collections."""

from __future__ import annotations

from hub.exports.api_document import COLLECTIONS
from hub.exports.odata_model import entity_sets


def test_a_list_in_an_item_is_a_table_of_its_own() -> None:
    tables = {one.name: one for one in entity_sets(one.name for one in COLLECTIONS)}
    assert [one.name for one in tables["report_indicators"].properties] == ["report", "indicator"]
    items = [{"id": "a", "indicators": ["x", "y", "x"]}, {"id": "b", "indicators": []}]
    assert tables["report_indicators"].rows(items) == [
        {"report": "a", "indicator": "x"},
        {"report": "a", "indicator": "y"},
    ]
    assert tables["case_kinds"].key == ("case", "kind")


def test_every_column_of_the_programs_interface_is_there_once() -> None:
    for one in COLLECTIONS:
        made = entity_sets([one.name])
        told = [column.name for column in made[0].properties] + [table.repeats for table in made[1:]]
        assert sorted(str(name) for name in told) == sorted(one.item["properties"])
        for table in made:
            assert {*table.key, *table.filtered} <= {column.name for column in table.properties}
            assert not any(column.nullable for column in table.properties if column.name in table.key)
