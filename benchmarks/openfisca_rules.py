"""Run by openfisca_compare inside OpenFisca's own environment: families in on stdin, its answers out on stdout, as JSON."""

import json
import sys
import time

from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

MONTH = "2021-11"
PERSON = build_entity("person", "persons", "", is_person=True)
HOUSEHOLD = build_entity("household", "households", "", roles=[{"key": "member", "plural": "members", "label": ""}])
FACTS = {
    "age": int,
    "disability_grade": int,
    "disability_kind": str,
    "serious_illness": bool,
    "work_ability": str,
    "living": str,
    "income_source": bool,
    "obligor": str,
}
STATUSES = ("dibao", "out_of_poverty")


def fact(name, kind, entity):
    return type(name, (Variable,), {"value_type": kind, "entity": entity, "definition_period": DateUnit.MONTH})


class elder_home_allowance(Variable):
    value_type, entity, definition_period = bool, PERSON, DateUnit.MONTH

    def formula(person, period):
        out = person.household("out_of_poverty", period)
        return (person("age", period) >= 80) * (person("living", period) == "home") * out


class elder_institution_subsidy(Variable):
    value_type, entity, definition_period = bool, PERSON, DateUnit.MONTH

    def formula(person, period):
        out = person.household("out_of_poverty", period)
        return (person("age", period) >= 60) * (person("living", period) == "institution") * out


class dibao_top_up(Variable):
    value_type, entity, definition_period = bool, PERSON, DateUnit.MONTH

    def formula(person, period):
        age, grade = person("age", period), person("disability_grade", period)
        key_person = (age >= 60) + (age < 18) + ((grade >= 1) * (grade <= 2)) + person("serious_illness", period)
        return person.household("dibao", period) * (key_person > 0)


class tekun(Variable):
    value_type, entity, definition_period = bool, PERSON, DateUnit.MONTH

    def formula(person, period):
        age, grade = person("age", period), person("disability_grade", period)
        kind = person("disability_kind", period)
        of_mind = ((kind == "intellectual") + (kind == "mental")) * (grade >= 1) * (grade <= 3)
        of_body = (kind == "limb") * (grade >= 1) * (grade <= 2) + (kind == "vision") * (grade == 1)
        unable = (age >= 60) + (age < 16) + (person("work_ability", period) == "none") + of_mind + of_body
        one_of = (age >= 60) + (grade >= 1) + (age < 16)
        nobody = person("obligor", period) != "able"
        return (one_of > 0) * (unable > 0) * (1 - person("income_source", period)) * nobody


def system():
    rules = TaxBenefitSystem([PERSON, HOUSEHOLD])
    for name, kind in FACTS.items():
        rules.add_variable(fact(name, kind, PERSON))
    for name in STATUSES:
        rules.add_variable(fact(name, bool, HOUSEHOLD))
    for variable in (elder_home_allowance, elder_institution_subsidy, dibao_top_up, tekun):
        rules.add_variable(variable)
    return rules


def situation(families):
    persons, households = {}, {}
    for number, family in enumerate(families):
        names = []
        for member in family["members"]:
            name = f"{number}-{member['id']}"
            names.append(name)
            persons[name] = {key: {MONTH: member[key]} for key in FACTS if member.get(key) is not None}
        status = {key: {MONTH: family["status"][key]} for key in STATUSES if key in family["status"]}
        households[str(number)] = {"members": names, **status}
    return {"persons": persons, "households": households}


def main():
    asked = json.load(sys.stdin)
    rules = system()
    begun = time.perf_counter()
    simulation = SimulationBuilder().build_from_entities(rules, situation(asked["families"]))
    loaded = time.perf_counter()
    answers = {name: [bool(one) for one in simulation.calculate(name, MONTH)] for name in asked["programmes"]}
    taken = time.perf_counter() - loaded
    json.dump({"answers": answers, "seconds": taken, "loading": loaded - begun}, sys.stdout)


if __name__ == "__main__":
    main()
