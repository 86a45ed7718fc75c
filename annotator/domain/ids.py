"""Ids that sort by time and do not clash when projects merge (UUID version 7, RFC 9562), and the clock."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime


def new_id() -> str:
    """A fresh UUIDv7 as lower-case text: 48 bits of milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def now() -> str:
    """The present moment as every stored time is written."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
