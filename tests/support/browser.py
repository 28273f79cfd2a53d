"""Finding a Chromium for the browser tests: on PATH, else Playwright's own, else from apt where that is allowed.

`python -m tests.support.browser` does the last step too; `make test` calls it before the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that reaches for another host must not get it, here or on a machine with a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
__all__ = ["Browser", "Page"]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NONE_FOUND = "no browser: Chromium is neither on PATH nor installed by Playwright"


def find() -> str | None:
    """The program to start, or None."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


def install() -> bool:
    """Install Chromium with apt if this user may; says whether it is there now."""
    if not shutil.which("apt-get"):
        return False
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and (
        not shutil.which("sudo") or subprocess.run([*may, "true"], capture_output=True, check=False).returncode
    ):
        return False
    sys.stdout.write("No browser found; installing Chromium with apt for the browser tests\n")
    sys.stdout.flush()
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
    ):
        if subprocess.run([*may, *command], env=env, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return find() is not None


@contextmanager
def launched(program: str) -> Iterator[Browser]:
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    if not find() and not install():
        sys.stdout.write(f"{NONE_FOUND}; its tests will be skipped\n")
