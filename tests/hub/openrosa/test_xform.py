"""The workbook, and the XForm that pyxform makes of it."""

from __future__ import annotations

import io
import subprocess
import sys
from xml.etree import ElementTree

from openpyxl import load_workbook
from phone import XFORMS, instance_of

from hub.openrosa.form import FORM_ID, sheets, version
from hub.openrosa.xform import md5_of, xform, xlsform


def test_the_workbook_holds_the_three_sheets() -> None:
    book = load_workbook(io.BytesIO(xlsform()))
    assert book.sheetnames == ["survey", "choices", "settings"]
    for name, (header, rows) in sheets().items():
        read = [tuple(cell.value or "" for cell in row) for row in book[name].iter_rows()]
        assert read == [header, *rows]


def test_the_xform_has_a_bind_for_each_question_and_a_text_in_each_language() -> None:
    root = ElementTree.fromstring(xform())
    binds = {bind.get("nodeset"): bind for bind in root.iter(f"{XFORMS}bind")}
    named = {row[1] for row in sheets()["survey"][1] if not row[0].startswith(("begin", "end group"))}
    assert {path.rpartition("/")[2] for path in binds if path} == named | {"instanceID"}
    assert binds["/data/village"].get("required") == "true()"
    assert binds["/data/offer/destination_other"].get("relevant", "").split() == [
        "/data/offer/destination", "=", "'other'",
    ]  # fmt: skip
    told = {
        translation.get("lang"): {text.get("id") for text in translation}
        for translation in root.iter(f"{XFORMS}translation")
    }
    assert list(told) == ["Bahasa Indonesia (id)", "English (en)"]
    assert told["Bahasa Indonesia (id)"] == told["English (en)"]
    instance = instance_of(xform())
    assert (instance.get("id"), instance.get("version")) == (FORM_ID, version())
    sources = [one.get("src") for one in root.iter(f"{XFORMS}instance") if one.get("src")]
    assert sources == ["jr://file-csv/villages.csv"]


def test_a_hash_names_its_kind() -> None:
    assert md5_of(b"") == "md5:d41d8cd98f00b204e9800998ecf8427e"


def test_pyxform_is_not_loaded_before_a_form_is_asked_for() -> None:
    code = "import sys, hub.web.app; sys.exit('pyxform' in sys.modules or 'lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
