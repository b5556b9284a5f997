"""Brings a database to the tables that this version needs, keeping what is in it.

After a change to a model, from the project's folder: `python -m store.migrate "what changed"` writes the next step under
`store/migrations/versions/`, to be read before it is used.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import store
from store.base import Base, database_url, engine_for

STEPS = Path(__file__).parent / "migrations"
_ALONE = Lock()  # Alembic keeps its place in a module: one thread at a time
_IN_TURN = {  # and one process: whoever comes second waits, and then finds nothing left to do
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(hashtext('store.migrate'))",
}


def upgrade(url: str | None = None) -> None:
    """Run the steps that a database lacks. Cheap when there are none; safe for several processes at once."""
    address = url or database_url()
    with _ALONE:
        if _revision(address) == _latest():
            return
        _run(address, command.upgrade, "head")


def differences(url: str | None = None) -> list[Any]:
    """What the models have and the database lacks, or the other way round; empty when they agree."""
    load_models()
    with engine_for(url or database_url()).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def load_models() -> None:
    """Import every module of `store`, so that `Base.metadata` knows all tables."""
    for module in pkgutil.iter_modules(store.__path__, "store."):
        importlib.import_module(module.name)


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Leave Rasa's own tables in the same database alone."""
    return not (kind == "table" and reflected and compare_to is None)


def _revision(url: str) -> str | None:
    with engine_for(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@lru_cache(maxsize=1)
def _latest() -> str | None:
    return ScriptDirectory(str(STEPS)).get_current_head()


def _run(url: str, what: Any, *arguments: Any, **options: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    with engine_for(url).connect() as connection, connection.begin():
        connection.exec_driver_sql(_IN_TURN[connection.dialect.name])
        config.attributes["connection"] = connection
        what(config, *arguments, **options)


if __name__ == "__main__":
    load_models()
    upgrade()
    _run(database_url(), command.revision, message=sys.argv[1], autogenerate=True)
