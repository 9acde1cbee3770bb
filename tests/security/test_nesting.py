"""JSON in a hundred thousand brackets: whoever reads it from outside says what it says of any other rubbish.

Python's reader of JSON raises RecursionError there, which is no ValueError.
"""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import BadContent
from content.packs import ContentPack, unpack
from hub.audit.entries import NoEntry, open_head
from hub.audit.verifying import NotProven, verify_lines
from hub.cases import choosing
from hub.exports import api_reading
from hub.imports import reading
from hub.links import cursors
from hub.retention.key_copies import read_keys
from hub.storage.copies import CopyFailed

DEPTH = 100_000
NESTED = "[" * DEPTH + "]" * DEPTH
WORD = base64.urlsafe_b64encode(NESTED.encode()).decode("ascii")
