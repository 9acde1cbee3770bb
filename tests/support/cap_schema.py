"""The schema of OASIS CAP 1.2, which tests hold messages to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import xmlschema


@cache
def cap_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).parent.parent / "hub/bulletins/data/CAP-v1.2.xsd")
