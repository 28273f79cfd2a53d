"""What of the publications readers may see at this moment, for statements written by hand."""

from cms.content.types import content_types
from cms.registry.declared import switched_off
from cms.registry.owners import owner_of
from cms.registry.states import is_active

#: Its time has not run out when the statement begins (its transaction may have begun long before), whether or not
#: a worker has taken it down yet. SQL; its argument is the table's alias.
VISIBLE = "({0}.expires_at IS NULL OR {0}.expires_at > statement_timestamp())"


def hidden_types() -> list[str]:
    """The types that nobody sees now: their plugin is switched off, or not loaded."""
    return switched_off("content type")


def shown_types() -> list[str]:
    """The types that lists show unasked."""
    return [name for name, model in content_types().items() if model.listed and is_active(owner_of(model))]
