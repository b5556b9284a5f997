"""Rasa's agent with the actions in its own process, and a conversation store that never fails silently."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any, Dict, NoReturn, Optional

import rasa
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent, load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.settings import ROOT, Settings
from store.migrate import upgrade

MEASURED_WITH = "3.6.21"
WARM_UP = "我妈 82 岁，低保一个月能领多少钱？"


class StoreUnavailable(Exception):
    """A conversation could not be read or written."""


class NoModel(Exception):
    """The model is missing or cannot be loaded."""


class InProcessActions(EndpointConfig):
    """The action endpoint without HTTP: Rasa hands over the call, the SDK's own executor runs it here."""

    def __init__(self, package: str) -> None:
        # The actions read what they need from `knowledge`, so the domain need not be sent along.
        super().__init__(url="inproc://actions", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *args: Any, json: Optional[Dict[str, Any]] = None, **kwargs: Any) -> Any:
        try:
            return await self._executor.run(json)
        except ActionExecutionRejection as refused:
            raise _as_http(400, refused.message, refused.action_name) from refused
        except ActionNotFoundException as unknown:
            raise _as_http(404, unknown.message, unknown.action_name) from unknown


def _as_http(status: int, message: str, action: str) -> ClientResponseError:
    """What Rasa's client of an action server raises for an answer other than 200."""
    return ClientResponseError(status, message, json.dumps({"error": message, "action_name": action}))


async def load(model: Path, settings: Settings, actions: str = "actions") -> Agent:
    """An agent ready to answer: tables made, actions registered, model loaded, warmed up. Raises NoModel."""
    upgrade(settings.database_url)
    compile_response_schema()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = InProcessActions(actions)
    endpoints.tracker_store = EndpointConfig(url=settings.database_url, type="sql")
    agent = await load_agent(str(model), endpoints=endpoints)
    if not agent.is_ready():
        raise NoModel(f"{model} cannot be loaded. Train it anew: make train")
    fail_loudly(agent)
    agent.processor.on_circuit_break = listen_again
    await agent.parse_message(WARM_UP)
    gc.collect()
    gc.freeze()  # a full collection over Rasa and spaCy takes a quarter of a second; what is loaded by now stays
    return agent


def compile_response_schema() -> None:
    """
    Check what actions return against a schema compiled once.

    Rasa compiles the same constant schema for every action call, 13 of a turn's 20 ms. Only for the version this was
    measured with; any other keeps its own way.
    """
    if rasa.__version__ != MEASURED_WITH:
        return
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: Dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def fail_loudly(agent: Agent) -> None:
    """Let a database error reach the channel. Rasa would go on with an empty conversation, as if nothing was said."""

    def fail(error: Exception) -> NoReturn:
        raise StoreUnavailable(type(error).__name__) from error

    agent.tracker_store._on_tracker_store_error = fail


def listen_again(tracker: DialogueStateTracker, *_: Any) -> None:
    """End a turn that ran away. Without this its conversation would count as running away for ever."""
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
