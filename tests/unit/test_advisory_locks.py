"""PostgreSQL's advisory locks have numbers for names: who takes one by another's number waits for a stranger."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NUMBER = re.compile(r"^[A-Z_]+ = (0x[0-9A-Fa-f_]+)$", re.MULTILINE)


def test_no_two_locks_have_the_same_number() -> None:
    numbers: Counter[int] = Counter()
    for room in ("api", "cms", "plugins", "workers"):
        for path in (ROOT / room).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "advisory" in source:
                numbers.update(int(number, 16) for number in _NUMBER.findall(source))

    assert len(numbers) >= 8
    assert {hex(number) for number, count in numbers.items() if count > 1} == set()
