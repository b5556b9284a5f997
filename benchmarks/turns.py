"""How long a turn takes on a running server: `python -m benchmarks.turns http://127.0.0.1:5005 [--turns N]`.

New people asking policy questions, a family told and questioned to its end, and one long session; over the REST channel, one connection.
"""

from __future__ import annotations

import argparse
import statistics
import time
import uuid
from typing import Dict, Iterator, List, Tuple

import httpx

POLICY = (
    "低保一个月能领多少钱",
    "高龄老人在家养老每月补多少",
    "五保怎么申请",
    "危房改造要带什么材料",
    "结婚证丢了怎么补",
)
FAMILY = (
    "我爸82了，住家里，以前是贫困户，二级残疾",
    "没有低保",
    "不知道",
    "低保怎么申请",
    "五口人",
    "一年两万",
    "不知道",
    "算了",
)
PLACE = {"region": "239900", "as_of": "2022-05-01"}


def talks(turns: int) -> Iterator[Tuple[str, str, str]]:
    """(what is measured, sender, message), `turns` of each kind."""
    for i in range(turns):
        yield "policy question, new person", uuid.uuid4().hex, POLICY[i % len(POLICY)]
    for _ in range(max(turns // len(FAMILY), 1)):
        sender = uuid.uuid4().hex
        yield from (("screening turn", sender, message) for message in FAMILY)
    sender = uuid.uuid4().hex
    for i in range(turns):
        yield (
            ("one long session, second half" if i >= turns // 2 else "one long session, first half"),
            sender,
            POLICY[i % len(POLICY)],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--turns", type=int, default=100)
    given = parser.parse_args()
    times: Dict[str, List[float]] = {}
    with httpx.Client(base_url=given.url, timeout=60) as client:
        for label, sender, message in talks(given.turns):
            begun = time.perf_counter()
            client.post(
                "/webhooks/rest/webhook", json={"sender": sender, "message": message, "metadata": PLACE}
            ).raise_for_status()
            times.setdefault(label, []).append((time.perf_counter() - begun) * 1000)
    for label, taken in times.items():
        taken.sort()
        slow = taken[int(len(taken) * 0.95)]
        print(f"{label}: median {statistics.median(taken):.1f} ms, 95th percentile {slow:.1f} ms ({len(taken)} turns)")


if __name__ == "__main__":
    main()
