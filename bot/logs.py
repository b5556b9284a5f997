"""Logs for the operator, from which nobody's words can be read."""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from types import TracebackType
from typing import Any, Dict, MutableMapping, Optional, Tuple, Type

# Read by Rasa, TensorFlow and SQLAlchemy when they are imported.
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}
_KEPT = ("event", "level", "exception_type")

ExcInfo = Tuple[Optional[Type[BaseException]], Optional[BaseException], Optional[TracebackType]]


def before_importing_rasa() -> None:
    """Turn telemetry off and the libraries' chatter down."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    import sanic  # noqa: F401  its import turns deprecation warnings back on

    warnings.filterwarnings("ignore")


class WordlessFormatter(logging.Formatter):
    """Of an exception: where it happened and its type. Its message is left out, for it may quote a person."""

    def formatException(self, ei: ExcInfo) -> str:
        frames = "".join(traceback.format_tb(ei[2]))
        return f"{frames}{ei[0].__name__ if ei[0] else 'error'}"


def configure(level: int = logging.WARNING) -> None:
    """Log to stderr at `level`; Rasa's structured events (slots, parsed text) lose everything but their name."""
    import structlog
    from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WordlessFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    configure_logging_and_warnings(level, warn_only_once=False, filter_repeated_logs=False)
    update_sanic_log_level()
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.add_log_level, without_words, structlog.processors.JSONRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def failure(what: str, error: BaseException) -> None:
    """Log that something failed, with the place and the type of the error but not its message."""
    logging.getLogger("bot").error(what, exc_info=error)


def without_words(logger: Any, method: str, event: MutableMapping[str, Any]) -> Dict[str, Any]:
    """A structlog processor that keeps an event's name and level and drops what it carries."""
    failure = event.get("exc_info")
    failure = sys.exc_info()[1] if failure is True else failure
    kind = {"exception_type": type(failure).__name__} if isinstance(failure, BaseException) else {}
    return {key: value for key, value in {**event, **kind}.items() if key in _KEPT}
