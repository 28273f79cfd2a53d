"""How the document refers to its schemas."""

_PLACE = "#/components/schemas/"


def reference_to(name: str) -> str:
    """The reference to the schema of this name."""
    return f"{_PLACE}{name}"


def name_in(reference: str) -> str:
    """The name of the schema that is referred to."""
    return reference.removeprefix(_PLACE)
