"""The closed register of names: a name that two claim is an error that names both, when the process starts."""

from cms.registry.discovery import PluginError

#: Who owns what no plugin does.
CORE = ""

_claims: dict[tuple[str, str], tuple[str, str]] = {}


def claim(kind: str, name: str, owner: str, *, by: str = "") -> None:
    """Take this name for this owner (a plugin's label, or ``CORE``).

    ``kind`` is what is named, in words: "block", "content type", "filter". ``by`` is where it is declared; the same
    declaration may be read twice. Raises PluginError if the name is taken.
    """
    taken = _claims.setdefault((kind, name), (owner, by))
    if taken != (owner, by):
        raise PluginError(
            f"The {kind} {name!r} is declared by {_who(*taken)} and by {_who(owner, by)}. "
            "Rename one of them, or take one plugin out of OSTRIV_PLUGINS."
        )


def claimed(kind: str) -> dict[str, str]:
    """The owner of every claimed name of this kind."""
    return {name: owner for (each, name), (owner, _by) in sorted(_claims.items()) if each == kind}


def claims_of(owner: str) -> dict[str, list[str]]:
    """Every name that this owner has claimed, by kind."""
    names: dict[str, list[str]] = {}
    for (kind, name), (who, _by) in sorted(_claims.items()):
        if who == owner:
            names.setdefault(kind, []).append(name)
    return names


def _who(owner: str, by: str) -> str:
    who = f"plugin {owner!r}" if owner else "Ostriv itself"
    return f"{who} ({by})" if by else who
