"""What tests share: the trained model, the assistant in this process, and the real server beside it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import pytest
from playwright.sync_api import Browser, sync_playwright
from postgresql import MISSING, Cluster, binaries

from bot import logs

logs.before_importing_rasa()
ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 300
CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class Assistant:
    """The assistant without a wire: what a channel hands over and gets back."""

    def __init__(self, agent: Any) -> None:
        self.agent = agent

    async def say(self, sender: str, text: str, metadata: Optional[Dict[str, Any]] = None) -> List[Dict[str, Any]]:
        """One turn; the messages it gave."""
        from bot import turn

        return await turn.reply(self.agent.handle_message, text, sender, "rest", metadata)


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the files as they are; trained if it is not there."""
    from bot import train

    return train.current_model()


@pytest.fixture(scope="session")
def loaded(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Rasa's agent with the project's actions, on a database of its own."""
    from bot import agent
    from bot.settings import Settings

    folder = tmp_path_factory.mktemp("assistant")
    return asyncio.new_event_loop().run_until_complete(
        agent.load(model, Settings(database_url=f"sqlite:///{folder}/assistant.db"))
    )


@pytest.fixture
def assistant(loaded: Any) -> Iterator[Assistant]:
    """`assistant.say(sender, text, metadata)`, to be awaited on the event loop that is set meanwhile."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield Assistant(loaded)
    loop.close()
    asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture(scope="session")
def server_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of the running server."""
    return tmp_path_factory.mktemp("server") / "assistant.db"


@pytest.fixture(scope="session")
def server_url(model: Path, server_database: Path) -> Iterator[str]:
    """The address of the real server, started as `make serve` does with people at the desk, stopped after the last test."""
    settings = {"DATABASE_URL": f"sqlite:///{server_database}", "DESK_HOURS": "1-7 00:00-24:00"}
    with started(["-m", "bot", "serve"], settings) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a screen. For one file at a time: while it is there no other event loop can run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL server without databases; skips where there is none and none could be installed (see bot/setup.py)."""
    programs = binaries()
    if programs is None:
        pytest.skip(MISSING)
    with Cluster(programs) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a database without tables: once of each kind that the assistant can keep things in."""
    from store.base import engine_for

    on_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'desk.db'}" if on_file else request.getfixturevalue("postgresql").new_database()
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    engine_for(url).dispose()


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: Cluster) -> str:
    """A database for one test after the other: to empty its tables is a good deal faster than to make them."""
    from store.migrate import upgrade

    url = postgresql.new_database()
    upgrade(url)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database with all tables and nothing in them: once of each kind."""
    from store.base import Base, engine_for
    from store.migrate import upgrade

    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'desk.db'}"
        upgrade(url)
    else:
        url = request.getfixturevalue("shared_postgresql")
        with engine_for(url).begin() as connection:
            for table in Base.metadata.sorted_tables:
                connection.execute(table.delete())
    monkeypatch.setenv("DATABASE_URL", url)
    return url


class started:
    """A server in a process of its own, on a free port, from `GET /health` answering to the end of the block."""

    def __init__(self, arguments: List[str], settings: Dict[str, str], port: Optional[int] = None) -> None:
        self._port = port or free_port()
        self._arguments = arguments
        self._environment = {**os.environ, "PORT": str(self._port), "HOST": "127.0.0.1", **settings}

    def __enter__(self) -> str:
        self._process = subprocess.Popen([sys.executable, *self._arguments], cwd=ROOT, env=self._environment)
        url = f"http://127.0.0.1:{self._port}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers(f"{url}/health"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                pytest.fail(f"the server did not start: {' '.join(self._arguments)}")
            time.sleep(0.3)
        return url

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        self._process.wait(30)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
