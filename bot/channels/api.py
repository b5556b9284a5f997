"""The JSON API for other programs: screen a family, ask one question, extract facts, and its own description."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any, Dict, List, Mapping, Optional

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from actions.family import household_spans
from actions.state import Conversation
from actions.turn import respond
from bot import turn
from bot.channels.access import allowed, error, refusal
from bot.channels.openapi import description
from bot.desk.openapi import SECURITY_SCHEMES, openapi_paths
from bot.settings import Settings
from knowledge.library import load
from knowledge.regions import is_known
from rules.household import Household, HouseholdError
from rules.questions import next_question
from rules.screen import screen

MAX_BODY = 256 * 1024
PARAMETERS = ("dibao_standard", "minimum_wage", "disposable_income")


class Fault(ValueError):
    """A request that cannot be answered; `args` are those of `access.error`."""


class ApiInput(InputChannel):
    """`/api/screen`, `/api/ask`, `/api/extract`, `/api/openapi.json`: on this machine, elsewhere with the token."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        return "api"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> "ApiInput":
        return cls(Settings.read())

    def url_prefix(self) -> str:
        return "/api"

    def blueprint(self, on_new_message: turn.OnNewMessage) -> Blueprint:
        routes = Blueprint("api")

        def guarded(handler: Any) -> Any:
            async def handle(request: Request) -> HTTPResponse:
                if not allowed(request, self._settings):
                    return refusal()
                try:
                    return json_response(await handler(request, body_of(request)), dumps=_dumps)
                except HouseholdError as fault:
                    chinese, _, english = fault.message.partition(" / ")
                    return error(422, fault.code, f"{chinese}。", f"{english}.", fault.path)
                except Fault as fault:
                    return error(*fault.args)

            handle.__name__ = handler.__name__
            return handle

        routes.add_route(guarded(post_screen), "/screen", methods=["POST"])
        routes.add_route(guarded(self._ask), "/ask", methods=["POST"], name="ask")
        routes.add_route(guarded(post_extract), "/extract", methods=["POST"])

        @routes.get("/openapi.json")
        async def openapi(request: Request) -> HTTPResponse:
            whole = description(load())
            whole["paths"].update(openapi_paths())
            whole["components"]["securitySchemes"].update(SECURITY_SCHEMES)
            return json_response(whole, dumps=_dumps)

        return routes

    async def _ask(self, request: Request, body: Mapping[str, Any]) -> Dict[str, Any]:
        text = _text(body)
        region, as_of = _region(body) or self._settings.place, _date(body)
        shown = turn.safe(text)
        if not shown:
            return {"kind": "clarify", "answer": turn.EMPTY, **_NOTHING}
        message = await request.app.ctx.agent.parse_message(shown)
        said, _ = respond({**message, "text": shown}, Conversation(), region, as_of.isoformat())
        return said.custom


_NOTHING: Dict[str, Any] = {"programme": None, "programmes": [], "aspect": None, "citations": [], "route": None, "confidence": None}


async def post_screen(request: Request, body: Mapping[str, Any]) -> Dict[str, Any]:
    """Judge a family as the contract says. Raises HouseholdError or Fault."""
    if "household" not in body:
        raise Fault(422, "missing_household", "缺少 household。", "`household` is required.", "household")
    library = load()
    household = Household.parse(body["household"], library)
    as_of, programmes, parameters = _date(body), _programmes(body), _parameters(body)
    return await asyncio.to_thread(_screened, household, as_of, programmes, parameters)


def _screened(
    household: Household, as_of: dt.date, programmes: Optional[List[str]], parameters: Optional[Mapping[str, Any]]
) -> Dict[str, Any]:
    results = screen(household, as_of, programmes, parameters)
    question = next_question(household, as_of, programmes, parameters)
    return {"as_of": as_of.isoformat(), "results": results, "next_question": question.as_dict() if question else None}


async def post_extract(request: Request, body: Mapping[str, Any]) -> Dict[str, Any]:
    """What a text tells of a family, and where in the text."""
    from bot.nlu.facts import read_facts

    reading = await asyncio.to_thread(read_facts, _text(body)[: turn.READ_AT_MOST], dt.date.today())
    return {"household": reading.household, "spans": household_spans(reading.spans)}


def body_of(request: Request) -> Mapping[str, Any]:
    """The request's JSON object. Raises Fault."""
    if len(request.body) > MAX_BODY:
        raise Fault(413, "too_large", "内容太长，最多 256 KB。", "The body is larger than 256 KB.")
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Fault(400, "invalid_json", "请求不是有效的 JSON。", "The body is not valid JSON.") from None
    if not isinstance(given, dict):
        raise Fault(400, "invalid_json", "请求应是一个 JSON 对象。", "The body must be a JSON object.")
    return given


def _text(body: Mapping[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        raise Fault(422, "missing_text", "缺少 text（文字）。", "`text` must be a string.", "text")
    return text


def _region(body: Mapping[str, Any]) -> Optional[str]:
    region = body.get("region")
    if region is None:
        return None
    if not isinstance(region, str) or not region.isascii() or not region.isdigit() or not is_known(region):
        raise Fault(422, "unknown_place", "region 不是认识的行政区划代码。", "`region` is not a known GB/T 2260 code.", "region")
    return region


def _date(body: Mapping[str, Any]) -> dt.date:
    given = body.get("as_of")
    if given is None:
        return dt.date.today()
    try:
        day = dt.date.fromisoformat(given)
    except (TypeError, ValueError):
        raise Fault(422, "invalid_date", "as_of 应是日期，如 2022-03-01。", "`as_of` must be YYYY-MM-DD.", "as_of") from None
    return day


def _programmes(body: Mapping[str, Any]) -> Optional[List[str]]:
    wanted = body.get("programmes")
    if wanted is None:
        return None
    known = load().programmes
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise Fault(422, "invalid_programmes", "programmes 应是项目编号的列表。", "`programmes` must be a list of ids.", "programmes")
    for index, one in enumerate(wanted):
        if one not in known:
            raise Fault(422, "unknown_programme", f"没有 {one[:60]} 这个项目。", "Unknown programme id.", f"programmes[{index}]")
    return wanted


def _parameters(body: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    given = body.get("parameters")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Fault(422, "invalid_parameters", "parameters 应是对象。", "`parameters` must be an object.", "parameters")
    for name, value in given.items():
        if name not in PARAMETERS:
            raise Fault(422, "unknown_parameter", f"没有 {name[:60]} 这个参数。", "Unknown parameter.", f"parameters.{name[:60]}")
        if value is not None and not _is_amount(value):
            raise Fault(422, "invalid_parameter", "要写不小于 0 的数，单位元/月。", "Must be a number of yuan.", f"parameters.{name}")
    return given


def _is_amount(value: Any) -> bool:
    pair = value if isinstance(value, list) else [value, value]
    numbers = [n for n in pair if n is not None]
    good = all(isinstance(n, (int, float)) and not isinstance(n, bool) and 0 <= n < 1e9 for n in numbers)
    return good and len(pair) == 2 and pair[0] is not None and (pair[1] is None or pair[0] <= pair[1])


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
