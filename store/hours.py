"""When people answer at the desk. `DESK_HOURS` says it, in China's time: `1-5 08:30-12:00 14:00-17:30`; unset: never.

`DESK_PHONE` is the number to call outside these hours (12345 unless told otherwise).
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass

CHINA = dt.timezone(dt.timedelta(hours=8))
DAYS = "一二三四五六日"
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_WEEK = re.compile(r"([1-7])(?:-([1-7]))?")


class WrongHours(ValueError):
    """DESK_HOURS that cannot be read; the message shows how to write it."""


@dataclass(frozen=True)
class Hours:
    """`days`: first and last day of the week, Monday is 1; `spans`: pairs of minutes since midnight."""

    days: tuple[int, int]
    spans: tuple[tuple[int, int], ...]

    def open_at(self, moment: dt.datetime) -> bool:
        local = moment.astimezone(CHINA)
        minute = local.hour * 60 + local.minute
        return self.days[0] <= local.isoweekday() <= self.days[1] and any(
            start <= minute < end for start, end in self.spans
        )

    def words(self) -> str:
        """`周一到周五 8:30—12:00、14:00—17:30`."""
        first, last = (f"周{DAYS[day - 1]}" for day in self.days)
        days = first if first == last else f"{first}到{last}"
        return f"{days} {'、'.join(f'{_clock(start)}—{_clock(end)}' for start, end in self.spans)}"


def hours(text: str | None = None) -> Hours | None:
    """The desk's hours from the environment (or a text); None when nobody answers here. Raises WrongHours."""
    text = (os.environ.get("DESK_HOURS", "") if text is None else text).strip()
    if not text:
        return None
    week, *spans = text.split()
    days, found = _WEEK.fullmatch(week), [_SPAN.fullmatch(span) for span in spans]
    if not days or not found or not all(found):
        raise WrongHours(f"DESK_HOURS is {text!r}; write it like 1-5 08:30-12:00 14:00-17:30 (Monday is 1).")
    minutes = tuple((int(m[1]) * 60 + int(m[2]), int(m[3]) * 60 + int(m[4])) for m in found if m)
    return Hours((int(days[1]), int(days[2] or days[1])), minutes)


def phone() -> str:
    """The number to call when nobody is at the desk."""
    return os.environ.get("DESK_PHONE", "").strip() or "12345"


def handoff_words(now: dt.datetime | None = None) -> str:
    """What a resident who asks for a person is told: that one comes, or when one is there, and which number to call.

    >>> handoff_words()
    '这里现在没有人工在线。请打 12345，或到户口所在地乡镇的民政窗口。'
    """
    open_hours = hours()
    if open_hours is None:
        return f"这里现在没有人工在线。请打 {phone()}，或到户口所在地乡镇的民政窗口。"
    if open_hours.open_at(now or dt.datetime.now(CHINA)):
        return f"已经帮您叫人工了，您说过的话人工能看到。请等一下，有回话就显示在这里。急事请打 {phone()}。"
    return f"人工现在下班了，{open_hours.words()} 在。您的话已经留下，上班就看。急事请打 {phone()}。"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"
