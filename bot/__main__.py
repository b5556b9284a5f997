"""`python -m bot serve | chat | train | evaluate | users | forget | wechat | poster`."""

from __future__ import annotations

import importlib
import sys

from bot import logs
from bot.settings import WrongSetting

COMMANDS = {
    "serve": "bot.launch",
    "chat": "bot.chat",
    "train": "bot.train",
    "evaluate": "bot.evaluate",
    "users": "bot.users",
    "forget": "bot.forget",
    "wechat": "bot.wechat_admin",
    "poster": "bot.pages.poster",
}


def main() -> None:
    """Run a command; what follows it on the command line is the command's own (`sys.argv[1:]`)."""
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        raise SystemExit(f"usage: python -m bot {' | '.join(COMMANDS)}")
    command = sys.argv.pop(1)
    logs.before_importing_rasa()
    try:
        raise SystemExit(importlib.import_module(COMMANDS[command]).main())
    except WrongSetting as wrong:
        raise SystemExit(str(wrong)) from None


if __name__ == "__main__":
    main()
