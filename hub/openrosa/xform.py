"""The form as a workbook (XLSForm) and as what phones read (XForm), by pyxform.

pyxform is loaded when a phone first asks for the form and not before: 14 MB.
"""

from __future__ import annotations

import hashlib
from functools import cache

from hub.exports.tables import workbook_of
from hub.openrosa.form import sheets


@cache
def xlsform() -> bytes:
    """Return the XLSForm as a workbook; the same form gives the same bytes."""
    return workbook_of({name: [header, *rows] for name, (header, rows) in sheets().items()})


@cache
def xform() -> bytes:
    """Return the XForm in UTF-8, made out of that workbook and of nothing else."""
    from pyxform.xls2xform import convert

    # pyxform names the root node after the file otherwise.
    return str(convert(xlsform(), form_name="data", file_type=".xlsx").xform).encode("utf-8")


def md5_of(file: bytes) -> str:
    """Return the hash by which phones see that a file changed; OpenRosa knows no other kind."""
    return f"md5:{hashlib.md5(file, usedforsecurity=False).hexdigest()}"
