"""`python -m bot forget`: removes what is kept no longer. The running server does the same by itself once a day."""

from __future__ import annotations

import asyncio
import logging

from bot.settings import WrongSetting
from store.keeping import DAY, WrongDays, forget_old
from store.migrate import upgrade

NAMES = {
    "talks": "群众的对话", "calls": "坐席的通话", "orders": "工单里的家庭情况", "reviews": "答案不对的", "questions": "没答上来的问题",
    "cases": "过期的办事码", "letters": "送到的工单底稿", "audit": "谁看过什么", "wechat": "一年没来的微信用户",
}  # fmt: skip

log = logging.getLogger(__name__)


def main() -> int:
    """Do it now and say what went."""
    upgrade()
    try:
        gone = forget_old()
    except WrongDays as wrong:
        raise WrongSetting(str(wrong)) from None
    print("删掉了：" + "，".join(f"{NAMES[name]} {count}" for name, count in gone.items()))
    return 0


async def daily() -> None:
    """Do it once a day, for as long as the server runs."""
    while True:
        try:
            await asyncio.to_thread(forget_old)
        except Exception as error:  # a database that is down now is up tomorrow
            log.error("What is old could not be removed: %s", type(error).__name__)
        await asyncio.sleep(DAY)
