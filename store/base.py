"""One database for everything the assistant keeps: a SQLite file under `var/` by default, any SQLAlchemy URL beyond.

`DATABASE_URL` names it. A model subclasses `Base`; whoever uses it calls `create_tables` once and then `session_scope`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool, StaticPool

Base: Any = declarative_base()
VAR = Path(__file__).resolve().parent.parent / "var"
LOCK_WAIT = 15  # seconds a SQLite writer waits for another one before it gives up


def database_url() -> str:
    """The address of the database: `DATABASE_URL`, or a SQLite file under `var/`."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'assistant.db'}"


def engine_from_env() -> Engine:
    """The engine of the database that the environment names."""
    return engine_for(database_url())


@cache
def engine_for(url: str) -> Engine:
    """One engine a URL. SQLite gets its folder, write-ahead logging and patience with other writers."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False, "timeout": LOCK_WAIT},
        hide_parameters=True,  # an error's text must not quote what people wrote
    )
    event.listen(engine, "connect", _tune)
    return engine


def _tune(connection: Any, _record: Any) -> None:
    """Readers do not wait for a writer; a commit survives a crash of the program, if not always of the machine."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def create_tables(url: str | None = None) -> None:
    """Bring the database to the tables that this version needs."""
    from store.migrate import upgrade

    upgrade(url)


@contextmanager
def session_scope(url: str | None = None) -> Iterator[Session]:
    """A session that commits when its block ends well and rolls back when it does not."""
    session = Session(engine_for(url or database_url()), future=True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
