"""Three logins with passwords made for this installation alone."""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from wagtail.users.models import UserProfile

#: Without letters and figures that look like others, because people type these off a terminal.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_PEOPLE = [
    {"username": "editor", "first_name": "Соломія", "last_name": "Вербинська", "group": "Editors", "language": "uk"},
    {"username": "marketing", "first_name": "Орина", "last_name": "Калинець", "group": "Marketing", "language": "uk"},
    {"username": "admin", "first_name": "Admin", "last_name": "", "group": "", "language": "en"},
]


def make() -> dict[str, User]:
    """Make the users that are not there yet and leave their logins in the data folder. Returns all three by name."""
    people: dict[str, User] = {}
    logins = []
    for person in _PEOPLE:
        name = person["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            password = _password()
            user = _make_user(person, password)
            logins.append({"username": name, "password": password, "group": person["group"] or "superuser"})
        people[name] = user
    if logins:
        _write(Path(settings.DATA_DIR) / "demo-logins.json", logins)
    return people


def _make_user(person: dict[str, str], password: str) -> User:
    user = User.objects.create_user(
        person["username"],
        f"{person['username']}@example.org",
        password,
        first_name=person["first_name"],
        last_name=person["last_name"],
        is_superuser=not person["group"],
        is_staff=not person["group"],
    )
    if person["group"]:
        user.groups.add(Group.objects.get(name=person["group"]))
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = person["language"]
    profile.current_time_zone = "Europe/Kyiv"
    profile.save()
    return user


def _password() -> str:
    """Four groups of four: some 79 bits, and readable aloud."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def _write(path: Path, logins: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    # Readable by its owner alone from the moment it exists.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(logins, file, ensure_ascii=False, indent=2)
