"""`python -m cms.embedded.watch DATA`: stop the servers of a data folder once nobody uses them.

Started by `ensure_running`. If it is killed too, the next start finds the servers and takes them over.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from cms.embedded.processes import Process
from cms.embedded.servers import stop_if_unused
from cms.embedded.state import State

PAUSE_SECONDS = 2.0


def main(data: Path) -> None:
    # Ctrl-C in the terminal of a user of the servers is not meant for this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    state, me = State(data), Process.current()
    while True:
        time.sleep(PAUSE_SECONDS)
        if not data.exists():
            return
        if state.users():
            continue
        with state.locked():
            watcher = state.read().get("watcher")
            if watcher != [me.pid, me.started] or stop_if_unused(data, state):
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
