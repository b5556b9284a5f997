"""A PostgreSQL server of the tests' own: begun in a temporary folder by an unprivileged user, gone with the last test."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

MISSING = "PostgreSQL is not on this machine and could not be installed: apt-get install postgresql, or put initdb on the PATH"
SETTINGS = "-c listen_addresses= -c fsync=off -c max_connections=200"  # nobody beyond this machine, nothing worth a disk's time


def binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: on the PATH, or where Debian puts the newest; None when there is none."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    places = [Path(found).resolve(), *debian] if found else debian
    return places[-1].parent if places else None


class Cluster:
    """One server, reached through a socket in its folder. PostgreSQL refuses to run as root, so root lends it to `nobody`."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))  # open to nobody, and short enough for a socket
        self._user: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
        if self._user:
            shutil.chown(self._folder, "nobody")
        self._numbers = count(1)

    def __enter__(self) -> Cluster:
        self._run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        options = f"{SETTINGS} -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "start", "--wait", f"--options={options}", f"--log={self._folder / 'log'}")
        return self

    def __exit__(self, *_: Any) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"test{next(self._numbers)}"
        self._run_anywhere("createdb", "--host", str(self._folder), "--username=postgres", name)
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        self._run_anywhere(program, f"--pgdata={self._folder / 'data'}", *arguments)

    def _run_anywhere(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, **self._user)
