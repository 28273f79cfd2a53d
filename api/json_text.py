"""JSON as the API writes it."""

import json
from typing import Any


def dump(document: Any) -> str:
    """Compact JSON, letters as they are."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
