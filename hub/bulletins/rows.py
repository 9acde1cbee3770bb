"""Rows of bulletins as drafts, and what names their content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import Any

from hub.bulletins.services import BulletinDraft

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


def draft_of(row: Any) -> BulletinDraft:
    """Return what a row of `Bulletin` says."""
    return BulletinDraft(
        status=row.status,
        topic=row.topic,
        level=int(row.level),
        certainty=row.certainty,
        area=row.area,
        until=date.fromordinal(_EPOCH_ORDINAL + int(row.until)),
        public=bool(row.public),
        text=row.text,
        text_en=row.text_en,
        template=row.template,
        signal=row.signal,
        replaces=row.replaces,
    )


def seen_of(row: Any) -> str:
    """Return what changes with anything that somebody reads of it before approving."""
    said = json.dumps([row.id, asdict(draft_of(row))], default=str, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:16]
