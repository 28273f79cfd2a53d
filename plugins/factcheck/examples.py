"""What the conformance suite fills a page with."""

from typing import Any

examples: dict[str, dict[str, Any]] = {
    "factcheck": {
        "claim": "У місті полагодили всі насосні станції.",
        "claimant": "Степан Гай",
        "claimant_type": "person",
        "claimant_role": "заступник міського голови",
        "said_on": "2026-01-14",
        "said_where": "сесія міської ради",
        "verdict": "mostly_false",
        "explanation": "Полагодили дві станції з дев’яти.",
        "method": "<p>Ми порівняли акти виконаних робіт із переліком станцій.</p>",
        "appearances": [{"url": "https://rada.example.org/session/14"}],
        "sources": [
            {
                "title": "Акти виконаних робіт",
                "url": "https://rada.example.org/acts",
                "kind": "document",
                "archived_url": "https://archive.example.org/rada/acts",
                "note": "Дві станції з дев’яти.",
            }
        ],
    }
}
