"""`python -m bot users …`: who may sign in at the desk, and which programs may call it. There is no default password."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from store import users
from store.migrate import upgrade

ROLES = {"agent": "坐席", "supervisor": "班长", "clerk": "窗口（只读）"}
SCOPES = {"calls": "建通话、看通话", "transcript": "推送对话文字", "orders": "取工单", "reviews": "取纠错"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 when it was done and 2 when it could not be."""
    asked = _parser().parse_args(sys.argv[1:] if argv is None else list(argv))
    upgrade()
    try:
        asked.run(asked)
    except users.UserError as error:
        print(f"{error}。", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot users", description="坐席台的用户和令牌")
    commands = parser.add_subparsers(required=True, metavar="命令")
    add = _command(commands, "add", "加一个人；密码在提示后输入", _add)
    add.add_argument("login", help="登录名，例如 zuoxi01")
    add.add_argument("--role", required=True, choices=ROLES, help="、".join(f"{k} {v}" for k, v in ROLES.items()))
    _with_password(add)
    password = _command(commands, "password", "给一个人换密码", _password)
    password.add_argument("login")
    _with_password(password)
    _command(commands, "disable", "停用一个人，马上退出登录", _disable).add_argument("login")
    _command(commands, "enable", "重新启用一个人", _enable).add_argument("login")
    _command(commands, "list", "列出所有人", _list)
    token = _command(commands, "token", "给热线系统做一个令牌，只显示一次", _token)
    token.add_argument("name", help="令牌名，例如 hotline")
    token.add_argument(
        "--scope", action="append", required=True, choices=SCOPES, help="、".join(f"{k} {v}" for k, v in SCOPES.items())
    )
    _command(commands, "revoke", "作废一个令牌", _revoke).add_argument("name")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str, run: object
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=words, description=words)
    command.set_defaults(run=run)
    return command


def _with_password(command: argparse.ArgumentParser) -> None:
    command.add_argument("--password-stdin", action="store_true", help="从标准输入读密码，给脚本用")


def _add(asked: argparse.Namespace) -> None:
    users.add_user(asked.login, asked.role, _new_password(asked))
    print(f"加好了：{asked.login}（{ROLES[asked.role]}）")


def _password(asked: argparse.Namespace) -> None:
    users.set_password(asked.login, _new_password(asked))
    print(f"换好了：{asked.login}，已退出所有登录")


def _disable(asked: argparse.Namespace) -> None:
    users.set_active(asked.login, False)
    print(f"停用了：{asked.login}")


def _enable(asked: argparse.Namespace) -> None:
    users.set_active(asked.login, True)
    print(f"启用了：{asked.login}")


def _list(asked: argparse.Namespace) -> None:
    for user in users.users():
        print(f"{user['login']}\t{ROLES[user['role']]}\t{'在用' if user['active'] else '停用'}")


def _token(asked: argparse.Namespace) -> None:
    token = users.add_token(asked.name, asked.scope)
    print(f"{asked.name} 的令牌，只显示这一次，请马上存好：\n{token}")


def _revoke(asked: argparse.Namespace) -> None:
    users.revoke_token(asked.name)
    print(f"作废了：{asked.name}")


def _new_password(asked: argparse.Namespace) -> str:
    if asked.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"密码（至少 {users.SHORTEST_PASSWORD} 个字符）：")
    if getpass.getpass("再输一遍：") != first:
        raise users.UserError("两遍不一样，没有改")
    return first
