"""Starts the one process that is the whole assistant: Rasa's agent, the actions, and every way in."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from pathlib import Path
from typing import Any, Dict, List, Type
from urllib.parse import urljoin

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import agent, logs, train, turn
from bot.channels.access import error
from bot.settings import ROOT, Settings

LARGEST_REQUEST = 1_000_000
# These two are not in credentials.yml, so that stock `rasa run` works with it: `/` is taken there, and WeChat has no
# secrets by default.
PAGE = "bot.channels.h5.H5Input"
WECHAT = "bot.channels.wechat.WeChatInput"

_FAULTS = {
    400: ("bad_request", "请求有误。", "Bad request."),
    404: ("not_found", "没有这个地址。", "Not found."),
    405: ("method_not_allowed", "这个地址不支持这种请求方式。", "Method not allowed."),
    413: ("too_large", "内容太长。", "The request is too large."),
    503: ("unavailable", "服务暂时不可用，请稍后再试。", "Temporarily unavailable."),
}
_FAILED = ("failed", turn.SORRY, "Something went wrong; please try again later.")


def main() -> None:
    """Serve until stopped. Ends with a plain sentence where the port is taken or a setting is wrong."""
    os.chdir(ROOT)
    settings = Settings.read()
    _check_port(settings.host, settings.port)
    logs.configure()
    model = train.current_model()
    app = build(settings, model)
    try:
        app.run(host=settings.host, port=settings.port, workers=1, access_log=False, motd=False)
    except agent.NoModel as unusable:
        raise SystemExit(str(unusable)) from None


def build(settings: Settings, model: Path, actions: str = "actions") -> Sanic:
    """The web application with all its channels; the agent is loaded when it starts, at `app.ctx.agent`."""
    app = Sanic("assistant", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST

    async def handle(message: UserMessage) -> None:
        message.text = turn.safe(message.text or "")
        await app.ctx.agent.handle_message(message)

    for channel in channels(settings):
        app.blueprint(channel.blueprint(handle), url_prefix=urljoin("/webhooks/", channel.url_prefix()))

    @app.listener("before_server_start")
    async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.agent = await agent.load(model, settings, actions)

    @app.listener("after_server_start")
    async def greet(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        address = f"http://{settings.host}:{settings.port}"
        print(f"\n  {address}\n  试着问一句：低保一个月能领多少钱？    停止：Ctrl+C\n", flush=True)

    app.exception(Exception)(tell)
    return app


def channels(settings: Settings) -> List[InputChannel]:
    """The channels of credentials.yml, the resident's page, and WeChat when its token is set."""
    configured: Dict[str, Any] = read_config_file(str(ROOT / "credentials.yml"))
    configured[PAGE] = None
    if settings.wechat_token:
        configured[WECHAT] = None
    return [_channel_class(path).from_credentials(given) for path, given in configured.items()]


def _channel_class(path: str) -> Type[InputChannel]:
    return class_from_module_path(path)


async def tell(request: Request, failure: Exception) -> HTTPResponse:
    """Any error as JSON, without a stack trace."""
    status = failure.status_code if isinstance(failure, SanicException) else 500
    code, chinese, english = _FAULTS.get(status, _FAILED)
    if code == "failed":
        logs.failure("A request failed", failure)
    return error(status, code, chinese, english)


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            if taken.errno != errno.EADDRINUSE:
                raise SystemExit(f"Cannot listen on {host}:{port}: {taken.strerror}.") from None
            raise SystemExit(f"端口 {port} 已被占用，换一个：PORT={port + 1} make serve\nPort {port} is taken.") from None
