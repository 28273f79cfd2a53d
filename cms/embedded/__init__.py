"""Private PostgreSQL and Redis servers under a data folder, for newsrooms and developers without servers of their own.

Programs come from PATH, else from wheels. Nothing here imports Django. The servers run while a living process uses
them: whoever calls `ensure_running` is noted as a user until it calls `release` or ends, however it ends.
"""

from cms.embedded.errors import EmbeddedError
from cms.embedded.servers import Servers, ensure_running, release, remove, running_servers, stop

__all__ = ["EmbeddedError", "Servers", "ensure_running", "release", "remove", "running_servers", "stop"]
