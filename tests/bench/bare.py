"""The floor: a WSGI application that does nothing but hand out prepared answers.

``BENCH_PREPARED`` names a folder with a file for each of them: its header lines as JSON, an empty line, its body.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

_READY: dict[str, tuple[list[tuple[str, str]], bytes]] = {}
for _file in Path(os.environ["BENCH_PREPARED"]).iterdir():
    _head, _body = _file.read_bytes().split(b"\n\n", 1)
    _READY[f"/{_file.name}"] = ([(name, value) for name, value in json.loads(_head)], _body)


def application(environ: dict, start_response: Callable) -> list[bytes]:
    """One of the prepared answers, by its path."""
    headers, body = _READY[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return [body]
