"""Getting a Chromium for the browser tests where there is none: from apt, where that is allowed.

`make test` calls `python -m tests.support.browser` before the tests.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Page

from ostriv.testing.browser import NONE_FOUND, find

__all__ = ["Browser", "Page"]


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


if __name__ == "__main__":
    if not find() and not install():
        sys.stdout.write(f"{NONE_FOUND}; its tests will be skipped\n")
