"""What the desk's browser opens: sign-in, the desk, the window's case page, the supervisor's board, and their files."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.desk import board
from bot.desk.access import COOKIE, caller_of, has_csrf, set_cookie
from bot.desk.files import files, links
from bot.desk.handoff import for_resident
from bot.desk.http import AGENTS, EVERYBODY, SUPERVISORS, off_loop
from bot.pages import render, web
from bot.sessions import RateLimit
from store import audit, desk, orders, users
from store.hours import CHINA
from store.keeping import DAY
from store.orders import OUTCOMES

FORM_COOKIE = "desk-form"
WRONG = "登录名或密码不对。"
LOCKED = "错的次数太多，这个登录名锁 15 分钟。忘了密码请找管理员重设。"
TOO_FAST = "登录太频繁，请过一分钟再试。"
STALE = "页面已过期，请再登录一次。"

ACTIONS = {
    "sign_in": "登录", "wrong_password": "密码错", "start_call": "开始通话", "see_call": "看通话", "take_call": "接起",
    "end_call": "结束通话", "reopen_order": "重开工单", "add_user": "加用户", "set_password": "换密码",
    "enable_user": "启用", "disable_user": "停用", "add_token": "做令牌", "revoke_token": "作废令牌",
    "create_case": "要办事码", "open_case": "打开办事码", "wrong_case_code": "办事码错", "case_code_refused": "办事码试太多",
    "draft_order": "起草工单", "edit_order": "改工单", "see_order": "看工单", "print_order": "打印工单", "close_order": "办结工单",
    "review_accepted": "采纳纠错", "review_rejected": "不采纳纠错", "review_open": "重开纠错",
}  # fmt: skip


def add_pages(routes: Blueprint) -> None:
    """Add every page of the desk to a blueprint."""
    linked = links()
    pace = RateLimit(per_minute=60, burst=120)  # a whole call centre may share one address

    @routes.get("/desk/static/<name:str>", name="desk_static")
    async def static(request: Request, name: str) -> HTTPResponse:
        file = files().get(f"/desk/static/{name}")
        if file is None:
            return web.html(request, "", 404)
        return web.asset(request, file, "public, max-age=31536000, immutable")

    @routes.get("/desk/login", name="desk_login")
    async def login_page(request: Request) -> HTTPResponse:
        return _login_page(request, linked)

    @routes.post("/desk/login", name="desk_sign_in")
    async def sign_in(request: Request) -> HTTPResponse:
        form = request.form or {}
        given, held = form.get("form") or "", request.cookies.get(FORM_COOKIE) or ""
        if not held or not hmac.compare_digest(given.encode(), held.encode()):
            return _login_page(request, linked, STALE, 403)
        if not pace.allows(request.remote_addr or request.ip):
            return _login_page(request, linked, TOO_FAST, 429)
        try:
            login = (form.get("login") or "").replace("\0", "")  # PostgreSQL takes no NUL
            entered = await off_loop(users.sign_in, login, (form.get("password") or "")[:200])
        except users.Locked:
            return _login_page(request, linked, LOCKED, 429)
        if entered is None:
            return _login_page(request, linked, WRONG, 401)
        answer = redirect("/desk/case" if entered[1].role == "clerk" else "/desk", status=303)
        set_cookie(request, answer, COOKIE, entered[0])
        return answer

    @routes.post("/desk/logout", name="desk_sign_out")
    async def sign_out(request: Request) -> HTTPResponse:
        caller = await off_loop(caller_of, request)
        if caller is None or has_csrf(request, caller, (request.form or {}).get("csrf") or ""):
            await off_loop(users.sign_out, request.cookies.get(COOKIE))
        return redirect("/desk/login", status=303)

    async def shown(request: Request, template: str, roles: frozenset[str], **values: Any) -> HTTPResponse:
        caller = await off_loop(caller_of, request)
        if caller is None or caller.role is None:
            return redirect("/desk/login", status=303)
        if caller.role not in roles:
            return web.html(request, render.page("desk/refused.html", caller=caller, title="没有权限", **linked), 403)
        return web.html(request, render.page(template, caller=caller, **linked, **values))

    @routes.get("/desk", name="desk_page")
    async def desk_page(request: Request) -> HTTPResponse:
        return await shown(request, "desk/desk.html", AGENTS, title="坐席", outcomes=OUTCOMES)

    @routes.get("/desk/case", name="desk_case")
    async def case_page(request: Request) -> HTTPResponse:
        return await shown(request, "desk/case.html", EVERYBODY, title="办事码")

    @routes.get("/desk/board", name="desk_board")
    async def board_page(request: Request) -> HTTPResponse:
        caller = await off_loop(caller_of, request)
        day = _day(request.args.get("day"))
        values = await off_loop(_board, day) if caller and caller.role in SUPERVISORS else {}
        return await shown(request, "desk/board.html", SUPERVISORS, title="班长台", **values)

    @routes.get("/api/handoff", name="desk_for_resident")
    async def resident(request: Request) -> HTTPResponse:
        after = request.args.get("after", "0")
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0
        return web.data(request, await for_resident(request, number))


def _login_page(request: Request, linked: dict[str, str], why: str = "", status: int = 200) -> HTTPResponse:
    key = secrets.token_urlsafe(16)
    shown = render.page("desk/login.html", why=why, form=key, caller=None, title="登录", **linked)
    answer = web.html(request, shown, status)
    set_cookie(request, answer, FORM_COOKIE, key)
    return answer


def _board(day: dt.date) -> dict[str, Any]:
    found = board.figures(day)
    plots = {
        "hours": board.columns("每小时来电", found["hours"]),
        "matters": board.bars("来电事项", found["matters"]),
        "outcomes": board.bars("办理结果", found["outcomes"]),
    }
    trail = [
        {**entry, "at": _clock(entry["at"]), "action": ACTIONS.get(entry["action"], entry["action"])}
        for entry in audit.entries(limit=50)
    ]
    start = dt.datetime.combine(day, dt.time(), CHINA).timestamp()
    closed = [
        {**order, "at": _clock(order["closed"]), "outcome": OUTCOMES[order["outcome"]]}
        for order in orders.orders(start, limit=100)
        if order["closed"] < start + DAY
    ]
    again = [{**order, "at": _clock(order["created"]), "outcome": "重开，没办结"} for order in orders.opened_again()]
    return {
        "orders": [*again, *closed],
        "day": day.isoformat(),
        "found": found,
        "plots": plots,
        "reviews": desk.reviews("open"),
        "trail": trail,
    }


def _clock(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, CHINA).strftime("%m-%d %H:%M")


def _day(given: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(given or "")
    except ValueError:
        return dt.datetime.now(CHINA).date()
