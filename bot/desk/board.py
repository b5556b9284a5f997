"""The supervisor's figures of a day, as tables and as small drawings (SVG) that need no script."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bot.desk.order import CHANNELS
from store import calls, desk, orders
from store.hours import CHINA
from store.keeping import DAY

OUTCOMES = {**orders.OUTCOMES, "handed_back": "交回助手", "no_order": "未建工单", "": "未结束"}
FAULTS = {"ClientConnectorError": "连不上", "TimeoutError": "太久没有回应"}  # of the outbox; an HTTP status speaks for itself
MOST_ROWS = 12
Rows = list[tuple[str, int]]


def figures(day: dt.date) -> dict[str, Any]:
    """`calls`, `hours`, `matters`, `outcomes`, `agents`, `channels` as (label, count); `unanswered`, `undelivered`, `minutes`."""
    start = dt.datetime.combine(day, dt.time(), CHINA).timestamp()
    found = calls.calls_between(start, start + DAY)
    lasted = [(call["ended"] - (call["taken"] or call["started"])) / 60 for call in found if call["ended"]]
    began = [dt.datetime.fromtimestamp(call["started"], CHINA).hour for call in found]
    return {
        "day": day.isoformat(),
        "calls": len(found),
        "waiting": sum(not call["agent"] and not call["ended"] for call in found),
        "minutes": round(sum(lasted) / len(lasted), 1) if lasted else None,
        "hours": [(f"{hour}点", began.count(hour)) for hour in _span(began)],
        "matters": _counted(_matter(call) for call in found),
        "outcomes": _counted(OUTCOMES.get(call["outcome"] or "", call["outcome"]) for call in found),
        "agents": _counted(call["agent"] or "还没人接" for call in found),
        "channels": _counted(CHANNELS.get(call["channel"], call["channel"]) for call in found),
        "unanswered": desk.unanswered(start),
        "undelivered": [{**one, "fault": FAULTS.get(one["fault"], one["fault"])} for one in orders.undelivered()],
    }


def _matter(call: dict[str, Any]) -> str:
    names = [
        line["heard"]["matter"]["name"] for line in calls.lines_of(call["call"]) if (line["heard"] or {}).get("matter")
    ]
    topic = (call["view"] or {}).get("topic") or {}
    return names[-1] if names else topic.get("name") or "还没听出"


def _counted(labels: Any) -> Rows:
    return Counter(labels).most_common(MOST_ROWS)


def _span(hours: list[int]) -> range:
    return range(min([8, *hours]), max([17, *hours]) + 1)


def bars(title: str, rows: Rows, width: int = 420) -> str:
    """Horizontal bars, longest first as given, each with its label and figure in text."""
    most, label, step = max([1, *(count for _, count in rows)]), 150, 24
    drawn = [
        f'<svg viewBox="0 0 {width} {max(len(rows), 1) * step}" width="{width}" role="img" aria-label={quoteattr(title)}>'
    ]
    for index, (name, count) in enumerate(rows):
        y, long = index * step, (width - label - 50) * count / most
        drawn.append(f'<text x="{label - 8}" y="{y + 16}" text-anchor="end" font-size="13">{escape(name[:11])}</text>')
        drawn.append(f'<rect x="{label}" y="{y + 4}" width="{long:.1f}" height="{step - 8}" fill="#2b6cb0"/>')
        drawn.append(f'<text x="{label + long + 6:.1f}" y="{y + 16}" font-size="13">{count}</text>')
    return "".join([*drawn, "</svg>"])


def columns(title: str, rows: Rows, width: int = 420, height: int = 130) -> str:
    """Upright columns in the order given, for a day's hours."""
    most, each = max([1, *(count for _, count in rows)]), width / max(len(rows), 1)
    drawn = [f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label={quoteattr(title)}>']
    for index, (name, count) in enumerate(rows):
        tall, x = (height - 42) * count / most, index * each
        drawn.append(
            f'<rect x="{x + 3:.1f}" y="{height - 22 - tall:.1f}" width="{each - 6:.1f}" height="{tall:.1f}" fill="#2b6cb0"/>'
        )
        middle = f'x="{x + each / 2:.1f}" text-anchor="middle" font-size="12"'
        drawn.append(f'<text {middle} y="{height - 6}">{escape(name)}</text>')
        if count:
            drawn.append(f'<text {middle} y="{height - 27 - tall:.1f}">{count}</text>')
    return "".join([*drawn, "</svg>"])
