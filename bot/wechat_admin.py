"""`python -m bot wechat menu` and `python -m bot wechat qr --place <code>`: what an account's owner does once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
import yaml

from bot.settings import WrongSetting
from bot.wechat.account import Account, account_from
from bot.wechat.hearing import place_of
from bot.wechat.places import find_place
from bot.wechat.platform import Platform, PlatformError

MENU = Path(__file__).parent / "wechat" / "menu.yml"
REMEDIES = {
    0: "连不上微信的接口。请检查网络和 WECHAT_API_BASE。",
    40013: "WECHAT_APP_ID 不对。请照公众平台“设置与开发”里的开发者 ID 填。",
    40125: "WECHAT_SECRET 不对。请在公众平台重置密钥后再填。",
    40164: "这台机器的出口 IP 不在公众平台的 IP 白名单里。请先加上。",
    48001: "这个公众号没有这项权限：菜单要有认证，带参数的二维码要认证的服务号。没有也不要紧，村里可以贴网页的二维码。",
    50002: "这个公众号的接口权限被停用了。请登录公众平台查看通知。",
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command that the command line names, and end with its exit status."""
    raise SystemExit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run one command; return the exit status: 0 done, 1 refused by the platform, 2 wrongly called."""
    asked = _parser().parse_args(list(argv))
    try:
        account = account_from()
        if account is None or not account.has_api:
            return _fail("请先设置 WECHAT_TOKEN、WECHAT_APP_ID 和 WECHAT_SECRET。", 2)
        return asked.run(account, asked)
    except WrongSetting as error:
        return _fail(str(error), 2)
    except PlatformError as error:
        return _fail(f"没有办成。{REMEDIES.get(error.code, '')}（{error}）", 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot wechat", description="公众号的菜单和二维码")
    commands = parser.add_subparsers(required=True, metavar="menu|qr")
    menu = commands.add_parser("menu", help="按 menu.yml 建公众号菜单")
    menu.add_argument("--file", type=Path, default=MENU, help="另一份菜单")
    menu.set_defaults(run=_menu)
    qr = commands.add_parser("qr", help="给一个村做永久二维码：扫了就按这个村回答")
    qr.add_argument(
        "--place", required=True, type=_code, help="行政区划代码：县 6 位、乡镇 9 位、村 12 位，例如 341324101"
    )
    qr.add_argument("--out", type=Path, help="图片写到哪里，.svg、.png 或 .pdf")
    qr.set_defaults(run=_qr)
    return parser


def _menu(account: Account, asked: argparse.Namespace) -> int:
    menu = menu_of(yaml.safe_load(asked.file.read_text(encoding="utf8")), account.page)
    Platform(account).create_menu(menu)
    print("菜单建好了，手机上几分钟内更新：")
    for group in menu["button"]:
        print(f"  {group['name']}：{'、'.join(item['name'] for item in group['sub_button'])}")
    return 0


def menu_of(groups: list[dict[str, Any]], page: str) -> dict[str, Any]:
    """The platform's menu from the lines of `menu.yml`, without the items that open a page where no page is known."""
    return {"button": [{"name": group["name"], "sub_button": _items(group["items"], page)} for group in groups]}


def _items(items: list[dict[str, str]], page: str) -> list[dict[str, str]]:
    ready = []
    for item in items:
        if "says" in item:
            ready.append({"type": "click", "name": item["name"], "key": item["says"]})
        elif page:
            ready.append({"type": "view", "name": item["name"], "url": page + item["opens"]})
    return ready


def _qr(account: Account, asked: argparse.Namespace) -> int:
    made = Platform(account).create_qr(asked.place)
    out = asked.out or Path(f"wechat-{asked.place}.svg")
    segno.make(made["url"], error="m").save(str(out), scale=10)
    print(f"{place_of(asked.place, find_place)[1]}的二维码写在 {out}，永久有效。")
    return 0


def _code(text: str) -> str:
    if not place_of(text, find_place)[0]:
        raise argparse.ArgumentTypeError(f"{text!r} 不是行政区划代码：县 6 位、乡镇 9 位、村 12 位数字，例如 341324101")
    return text


def _fail(why: str, status: int) -> int:
    print(why, file=sys.stderr)
    return status
