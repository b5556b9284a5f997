"""A work order (工单) drafted from a call: plain lines an agent edits, and the same as data for other systems.

What is not known stands as [待补]; nothing is filled in that was not said.
"""

from __future__ import annotations

from typing import Any

TO_FILL = "[待补]"
FIELDS = {
    "matter": "诉求事项",
    "place": "户籍地",
    "said": "来电人说",
    "family": "家庭情况",
    "estimate": "初步判断（以民政核定为准）",
    "told": "已告知",
    "promised": "已承诺",
    "unknown": "还缺的情况",
    "remark": "备注",
}
CHANNELS = {"phone": "电话", "h5": "网页", "wechat": "微信"}
ALWAYS_NEEDED = (("size", "家里人口"), ("annual_income", "全家一年收入"), ("hukou_kind", "户口"))
MOST_VERDICTS = 8


def draft(call: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The body of an order: `text` (one entry a field, for people), `facts`, `verdicts`, `channel`, `reference`, `programme`."""
    view = call["view"] or {}
    heard = [line["heard"] for line in lines if line["heard"]]
    matters = [one["matter"] for one in heard if one.get("matter")] or ([view["topic"]] if view.get("topic") else [])
    verdicts = _verdicts(view.get("results", []), matters)
    missing = _missing(view, verdicts)
    told = [line["heard"]["read_aloud"] for line in lines if line["told"] and line["heard"]]
    text = {
        "matter": _matter(matters),
        "place": view.get("place") or TO_FILL,
        "said": "\n".join(line["text"] for line in lines if line["speaker"] == "caller") or TO_FILL,
        "family": "\n".join(map(_fact_words, view.get("facts", []))) or TO_FILL,
        "estimate": "\n".join(map(_verdict_words, verdicts)) or TO_FILL,
        "told": "\n".join(told) or TO_FILL,
        "promised": TO_FILL,
        "unknown": "\n".join(f"{third_person(label)}：{TO_FILL}" for label in missing) or "没有",
        "remark": "",
    }
    return {
        "channel": CHANNELS.get(call["channel"], call["channel"]),
        "reference": call["reference"],
        "programme": next((one["programme"] for one in reversed(matters) if one["programme"]), None),
        "urgent": any(one.get("kind") == "emergency" for one in heard),
        "text": text,
        "facts": [
            {name: fact[name] for name in ("path", "label", "value", "raw", "words")} for fact in view.get("facts", [])
        ],
        "verdicts": verdicts,
    }


def edited(body: dict[str, Any], text: dict[str, str]) -> dict[str, Any]:
    """The body with some fields of its text replaced."""
    return {**body, "text": {**body["text"], **{name: words for name, words in text.items() if name in FIELDS}}}


def open_fields(body: dict[str, Any]) -> list[str]:
    """The fields that still hold a [待补]."""
    return [name for name in FIELDS if TO_FILL in body["text"].get(name, "")]


def _matter(matters: list[dict[str, Any]]) -> str:
    names = [f"{one['name']}{'（' + one['aspect'] + '）' if one['aspect'] else ''}" for one in matters]
    return "；".join(dict.fromkeys(reversed(names))) or TO_FILL


def _fact_words(fact: dict[str, Any]) -> str:
    words = f"（原话：{fact['words']}）" if fact["words"] and not fact["words"].startswith("坐席") else ""
    return f"{third_person(fact['label'])}：{fact['value']}{words}"


def third_person(words: str) -> str:
    """What was said to the caller, for somebody who reads about them: `您妈妈的年龄` is 来电人妈妈的年龄."""
    return f"来电人{words[1:]}" if words.startswith("您") else words


def _verdicts(rows: list[dict[str, Any]], matters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results that matter: all that look possible, and whatever was asked about."""
    asked = {one["programme"] for one in matters}
    chosen = [row for row in rows if row["verdict"] == "eligible" or row["programme"] in asked]
    return [_verdict(row) for row in chosen[:MOST_VERDICTS]]


def _verdict(row: dict[str, Any]) -> dict[str, Any]:
    cites = [
        f"{reason['cite']['document']}#{reason['cite']['clause']}" for reason in row["because"] if reason.get("cite")
    ]
    titles = [
        f"《{reason['cite']['title']}》{reason['cite']['clause']}" for reason in row["because"] if reason.get("cite")
    ]
    names = ("programme", "name", "who", "verdict", "verdict_words", "amount", "missing")
    chosen = {name: row[name] for name in names}
    return {**chosen, "cites": list(dict.fromkeys(cites)), "clauses": list(dict.fromkeys(titles))}


def _verdict_words(verdict: dict[str, Any]) -> str:
    who = "" if verdict["who"] == "全家" else f"（{third_person(verdict['who'])}）"
    amount = f"，{verdict['amount']}" if verdict["amount"] and verdict["verdict"] != "ineligible" else ""
    missing = f"，还差：{'、'.join(map(third_person, verdict['missing']))}" if verdict["missing"] else ""
    clauses = f"。依据：{'；'.join(verdict['clauses'])}" if verdict["clauses"] else ""
    return f"{verdict['name']}{who}：{verdict['verdict_words']}{amount}{missing}{clauses}。"


def _missing(view: dict[str, Any], verdicts: list[dict[str, Any]]) -> list[str]:
    known = {fact["path"] for fact in view.get("facts", [])}
    always = [label for path, label in ALWAYS_NEEDED if path not in known]
    place = [] if view.get("region") else ["户口所在地"]
    return list(dict.fromkeys([*place, *(label for verdict in verdicts for label in verdict["missing"]), *always]))
