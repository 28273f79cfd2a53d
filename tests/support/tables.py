"""What a database is made of, and how much is in it: to compare before and after."""

from collections.abc import Callable, Collection
from typing import Any

Ask = Callable[[str], list[tuple[Any, ...]]]
#: Tables that say what happened, and not what is: the outbox, the log of changes, and the tags told to caches. What of
#: the shelves' counts is added up already is a matter of the moment; ``shelves`` says what they come to.
PASSING = frozenset({"content_outboxevent", "api_change", "api_raisedtags", "api_shelf", "api_shelfchange"})

#: One line for each thing of the schema, with all that defines it.
_SCHEMA = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, character_maximum_length, is_nullable, column_default,
               is_identity, generation_expression
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "sequences": "SELECT sequence_name FROM information_schema.sequences WHERE sequence_schema = 'public'",
    "types": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace",
}


def schema(ask: Ask) -> dict[str, set[tuple[Any, ...]]]:
    """Every column, index, constraint, function, trigger, sequence and type."""
    return {kind: set(ask(query)) for kind, query in _SCHEMA.items()}


def counts(ask: Ask, without: Collection[str] = (), *, where: str = "true") -> dict[str, int]:
    """The number of rows (``t``) of which this holds, in every table but those named."""
    tables = [name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
    counted = (f"SELECT '{name}', count(*) FROM \"{name}\" t WHERE {where}" for name in tables if name not in without)
    return dict(ask(" UNION ALL ".join(counted)))


def shelves(ask: Ask) -> dict[str, int]:
    """How many publications stand on each shelf, whatever of it is added up."""
    counted = "SELECT shelf, count FROM api_shelf UNION ALL SELECT shelf, count FROM api_shelfchange"
    return dict(ask(f"SELECT shelf, sum(count)::bigint FROM ({counted}) s GROUP BY shelf HAVING sum(count) <> 0"))
