"""Four programmes said again in openfisca-core, the common engine for rules as code, and compared with ours.

python -m benchmarks.openfisca_compare

OpenFisca needs other versions of our packages, so it lives in an environment of its own, var/openfisca, made on the first run
(it needs a package registry once). Compared: the verdicts where every fact is told; what either says where facts are missing;
and the time.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import time
import venv
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, Dict, List, Tuple

from benchmarks.families import at, family, hidden
from benchmarks.rules_speed import _var
from rules import Household
from rules.screen import judge

FAMILIES = 1000
HLJ, DUNJI = ("239900", dt.date(2021, 11, 1)), ("341324101", dt.date(2020, 6, 1))
PROGRAMMES = {"elder_home_allowance": HLJ, "elder_institution_subsidy": HLJ, "dibao_top_up": HLJ, "tekun": DUNJI}
INSIDE = Path(__file__).with_name("openfisca_rules.py")
Key = Tuple[int, str, str]


def environment() -> Path:
    """The python of OpenFisca's own environment, made when it is not there."""
    home = _var() / "openfisca"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "openfisca-core==45.0.5"], check=True)
    return python


def theirs(families: List[Dict[str, Any]]) -> Dict[str, Any]:
    """OpenFisca's answers, {programme: a list of booleans in the order of the people}, and its seconds."""
    asked = json.dumps({"families": families, "programmes": list(PROGRAMMES)})
    told = subprocess.run([environment(), INSIDE], input=asked, capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))


def ours(families: List[Dict[str, Any]]) -> Tuple[Dict[Key, Any], float]:
    """Our truths by (family, programme, person), and the seconds that judging took."""
    parsed = {place: [Household.parse(at(place, one)) for one in families] for place in ("239900", "341324101")}
    found: Dict[Key, Any] = {}
    begun = time.perf_counter()
    for programme, (place, day) in PROGRAMMES.items():
        for number, household in enumerate(parsed[place]):
            for judged in judge(household, day, [programme]):
                person = judged.case.member
                found[number, programme, person.id if person else ""] = judged.truth
    return found, time.perf_counter() - begun


def by_key(families: List[Dict[str, Any]], answers: Dict[str, List[bool]]) -> Dict[Key, bool]:
    people = [(number, member["id"]) for number, one in enumerate(families) for member in one["members"]]
    return {(number, p, name): said for p in PROGRAMMES for (number, name), said in zip(people, answers[p])}


def main() -> None:
    random = Random(11)
    truth = [family(random) for _ in range(FAMILIES)]
    told = [hidden(one, random, 0.4) for one in truth]
    right, our_seconds = ours(truth)
    answered = theirs(truth)
    full = by_key(truth, answered["answers"])
    apart = [key for key, said in full.items() if right[key] is not said]
    print(f"{FAMILIES} 户全知道：{len(full)} 个判断，两边不一样的 {len(apart)} 个")
    print(
        f"用时：我们 {our_seconds:.2f} 秒（逐户），OpenFisca 算 {answered['seconds']:.2f} 秒（一批），装数据 {answered['loading']:.2f} 秒"
    )
    partly, _ = ours(told)
    guessed = by_key(told, theirs(told)["answers"])
    print("\n四成的事没说时：")
    for name, answers in (("我们", partly), ("OpenFisca", guessed)):
        kinds = Counter(
            "说不准" if said is None else "对" if said is right[key] else "错" for key, said in answers.items()
        )
        print(f"{name:<10} 对 {kinds['对']}，错 {kinds['错']}，说不准 {kinds['说不准']}")


if __name__ == "__main__":
    main()
