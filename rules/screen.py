"""screen(household, …): the one way in to the rules. Pure: the day and the local figures are arguments."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from knowledge.library import NATION, Library, load
from knowledge.model import Figure, Say
from rules.amounts import amount_for
from rules.case import Case
from rules.conditions import IncomeCheck, all3
from rules.explain import because, excluded_because, possible_because, summary
from rules.household import Household
from rules.income import employed
from rules.paths import FIGURES
from rules.quantity import Truth, quantity
from rules.rulebook import CompiledAmount, CompiledRule, Rulebook, rulebook

VERDICTS: Mapping[Truth, str] = {True: "eligible", False: "ineligible", None: "undetermined"}
# Dibao for one person is dibao all the same: a family that draws it is not offered it again.
HELD_AS = {"dibao_single_person": "dibao"}
BY_LIVING_REGION = ("emergency_assistance", "residence_permit_application")


class Judged(NamedTuple):
    """One programme judged for a household or one member: the truth, and everything needed to explain or ask on."""

    compiled: CompiledRule
    case: Case
    truth: Truth
    possible: bool = False
    excluded: Optional[Say] = None
    already: bool = False
    nation: Optional[CompiledRule] = None
    local_amounts: Sequence[CompiledAmount] = ()
    figures: Mapping[str, Figure] = {}

    @property
    def programme(self) -> str:
        return self.compiled.rule.programme

    def national(self) -> Optional["Judged"]:
        """What the nation's own rule says of the same case, where a nearer one was judged."""
        if self.nation is None:
            return None
        return Judged(self.nation, self.case, all3(check.holds(self.case) for check in self.nation.checks))

    def missing(self) -> List[str]:
        """The paths that would settle an undetermined verdict."""
        if self.truth is not None:
            return []
        if self.possible:
            return ["region"]
        return list(dict.fromkeys(path for check in self.compiled.checks for path in check.unknowns(self.case)))


def screen(
    household: Household,
    as_of: dt.date,
    programmes: Optional[Iterable[str]] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    library: Optional[Library] = None,
) -> List[Dict[str, Any]]:
    """Judge a household by every programme of its place (or those named) on a day.

    parameters: local figures that stand in for the known ones (`dibao_standard`, yuan a person a month; `minimum_wage`, yuan a month).
    Returns the contract's results: verdict, amount, reasons with clauses, what is missing, cautions, and how to apply.
    """
    library = library or load()
    return [explain(judged, library) for judged in judge(household, as_of, programmes, parameters, library)]


def judge(
    household: Household,
    as_of: dt.date,
    programmes: Optional[Iterable[str]] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    library: Optional[Library] = None,
) -> List[Judged]:
    """The verdicts alone, without words: what the question planner and the roster need."""
    library = library or load()
    wanted = None if programmes is None else set(programmes)
    home = _Judging(household, household.region, as_of, parameters, library)
    away = home
    if household.living_region and household.living_region != household.region:
        away = _Judging(household, household.living_region, as_of, parameters, library)
    found: List[Judged] = []
    for programme in library.programmes:
        if wanted is None or programme in wanted:
            found.extend((away if programme in BY_LIVING_REGION else home).judge(programme))
    return found


class _Judging:
    """One household before the rulebook of one place."""

    def __init__(
        self,
        household: Household,
        place: Optional[str],
        as_of: dt.date,
        parameters: Optional[Mapping[str, Any]],
        library: Library,
    ):
        self.household, self.library = household, library
        self.book: Rulebook = rulebook(library, place, as_of)
        self.figures = {name: value for name, value in (parameters or {}).items() if value is not None}
        self.local = _local_figures(self.book, household, self.figures)
        values = {name: quantity(figure.value) for name, figure in self.local.items()}
        values.update({name: quantity(value) for name, value in self.figures.items()})
        self.case = Case(household, values, self.book.income_rules, as_of)
        self.people = list(self.case.each_member())
        self.held = [card for card in library.programmes.values() if household.facts.get(f"status.{card.id}") is True]

    def judge(self, programme: str) -> Iterator[Judged]:
        versions = self.book.rules.get(programme)
        if versions:
            excluded = self._exclusion(programme)
            for case in self._cases(versions[0]):
                yield self._judge(programme, versions, case, excluded)
        elif programme in self.book.possible:
            compiled = self.book.possible[programme]
            for case in self._cases(compiled):
                yield Judged(compiled, case, None, possible=True)

    def _cases(self, compiled: CompiledRule) -> List[Case]:
        return self.people if compiled.card.scope == "member" else [self.case]

    def _judge(self, programme: str, versions: List[CompiledRule], case: Case, excluded: Optional[Say]) -> Judged:
        compiled = next((one for one in versions if _covers(one, case)), None)
        truth = all3(check.holds(case) for check in compiled.checks) if compiled and not excluded else False
        compiled = compiled or versions[0]
        nation = versions[-1]
        return Judged(
            compiled,
            case,
            truth,
            excluded=excluded,
            already=self.household.facts.get(f"status.{HELD_AS.get(programme, programme)}") is True,
            nation=nation if nation is not compiled and nation.rule.place == NATION else None,
            local_amounts=self.book.local_amounts.get(programme, []),
            figures=self.local,
        )

    def _exclusion(self, programme: str) -> Optional[Say]:
        """What the family already has and rules this out (tekun rules out dibao and the two disability allowances)."""
        for card in self.held:
            for say in card.excludes:
                if say.programme == programme:
                    return say
        return None


def _covers(compiled: CompiledRule, case: Case) -> bool:
    """Whether the document may speak of this family at all."""
    return not compiled.covers or all3(check.holds(case) for check in compiled.covers) is not False


def _local_figures(book: Rulebook, household: Household, given: Mapping[str, Any]) -> Dict[str, Figure]:
    """The figures that may be the household's, by name, or by `name:hukou` where each kind of hukou has its own."""
    hukou = household.facts.get("hukou_kind")
    found: Dict[str, Figure] = {}
    for key, figure in book.figures.items():
        name, _, kind = key.partition(":")
        if name not in given and (not kind or hukou in (None, kind)):
            found[key if kind else name] = figure
    return found


def explain(judged: Judged, library: Library) -> Dict[str, Any]:
    """A judged programme in the contract's shape, in words a person can read."""
    rule, card, case = judged.compiled.rule, judged.compiled.card, judged.case
    if judged.possible:
        reasons = [possible_because(judged.compiled, library)]
    else:
        covered = _covers(judged.compiled, case)
        reasons = because(judged.compiled.checks if covered else [*judged.compiled.covers, *judged.compiled.checks], case, library)
        if judged.excluded:
            reasons.insert(0, excluded_because(judged.excluded, library))
    amount = None if judged.truth is False or judged.possible else amount_for(case, amounts_of(judged))
    result: Dict[str, Any] = {
        "programme": rule.programme,
        "name": card.name,
        "member": case.member.id if case.member else None,
        "verdict": VERDICTS[judged.truth],
        "amount": amount,
        "because": reasons,
        "missing": judged.missing(),
        "cautions": _cautions(judged, library),
        "apply": _apply(judged.compiled, library),
        "met": {"yes": sum(r["holds"] is True for r in reasons), "of": len(reasons)},
        "document": rule.document,
        "already": judged.already,
    }
    if judged.truth is not False and rule.amount_open:
        result["amount_note"] = rule.amount_open.say
    result["summary"] = summary(result)
    national = judged.national()
    if national and (_ended(judged) or national.truth != judged.truth or national.compiled.amounts):
        result["national"] = _national(national, library)
    return result


def _ended(judged: Judged) -> bool:
    """Whether the document's term is over on the day asked about."""
    until = judged.compiled.rule.until
    return until is not None and until < judged.case.as_of


def amounts_of(judged: Judged) -> List[CompiledAmount]:
    """The rule's own amounts, or those that the place lists for it apart."""
    return judged.compiled.amounts or list(judged.local_amounts)


def _national(national: Judged, library: Library) -> Dict[str, Any]:
    """What the nation's own rule says of the same family, where it may differ from the nearer document."""
    return {
        "verdict": VERDICTS[national.truth],
        "amount": None if national.truth is False else amount_for(national.case, national.compiled.amounts),
        "document": national.compiled.rule.document,
        "title": library.documents[national.compiled.rule.document].title,
        "because": because(national.compiled.checks, national.case, library),
    }


def _apply(compiled: CompiledRule, library: Library) -> Dict[str, Any]:
    if not compiled.apply:
        compiled.apply.update(apply_words(compiled, library, compiled.rule.place))
    return dict(compiled.apply)


def apply_words(compiled: CompiledRule, library: Library, place: str) -> Dict[str, Any]:
    """Where to go, what to bring, how long, whom to call; the place's own words before the nation's, each with its clause."""
    here, card = compiled.rule.apply, compiled.card.apply
    where, time, phone = here.where or card.where, here.time or card.time, here.phone or card.phone
    offices = [office.dict(exclude_none=True) for holder in library.places_upward(place) for office in holder.offices]
    return {
        "where": where.say if where else None,
        "materials": [say.say for say in (here.materials or card.materials)],
        "materials_sure": all(say.sure for say in (here.materials or card.materials)),
        "how": [say.say for say in (here.how or card.how)],
        "time": time.say if time else None,
        "phone": phone.number or phone.say if phone else None,
        "phone_note": phone.say if phone else None,
        "offices": offices,
        "cites": [say.cite for say in (where, time, phone) if say and say.cite],
    }


def _figures_used(judged: Judged) -> Iterator[Tuple[str, Figure]]:
    """The local figures that this verdict was reckoned with, named: the standard compared with, the wage deducted by."""
    compared = {check.parameter for check in judged.compiled.checks if isinstance(check, IncomeCheck)}
    by_wage = any(rule.rate for rule in judged.case.income_rules)
    works = any(employed(member) is not False for member in judged.case.household.members)
    for key, figure in judged.figures.items():
        name = key.partition(":")[0]
        if name in compared or (name == "minimum_wage" and by_wage and works):
            yield FIGURES[name], figure


def _left_out_of_income(case: Case) -> List[str]:
    """What the place's rules leave out of the income, or may, as far as it can matter to this family."""
    words = []
    for rule in case.income_rules:
        if rule.kind == "basic_pension" and rule.certain:
            words.append("家里老人领的城乡居民基础养老金按规定可以不计入收入，有的话请告诉我。")
        elif rule.kind == "basic_pension" or any(employed(member) for member in case.household.members):
            words.append(rule.text)
    return words


def _cautions(judged: Judged, library: Library) -> List[str]:
    rule, case = judged.compiled.rule, judged.case
    document = library.documents[rule.document]
    cautions = [say.say for say in rule.cautions]
    if rule.until is not None and _ended(judged):
        cautions.append(f"{document.short}的期限到 {rule.until.isoformat()} 已经结束，现在怎么办以当地最新规定为准。")
    if judged.possible:
        cautions.append("这份文件没有写明是哪个县区；您那里有没有这一项，请打 12345 或问乡镇。")
    if judged.nation is not None and _ended(judged):
        title = library.documents[judged.nation.rule.document].title
        cautions.append(f"现在全国的规定见《{title}》，一并列出供对照。")
    reads_income = "annual_income" in judged.compiled.paths
    if reads_income:
        cautions += [
            f"算的时候用的{name} {figure.value:g} 元是公开转述的，没有核到原文，以当地为准。"
            for name, figure in _figures_used(judged)
            if figure.sure != "seen"
        ]
        cautions += _left_out_of_income(case)
    if judged.compiled.second_hand:
        cautions.append("这一条依据的是公开转述，没有核到原文，以窗口答复为准。")
    if any(entry.amount.sure != "seen" for entry in amounts_of(judged)):
        cautions.append("金额是公开转述的，没有核到原文，以当地为准。")
    if _applies_later(judged, library):
        cautions.append(f"到哪里办、要多少天，写的是现在的规定，{case.as_of.isoformat()} 那时可能不一样。")
    cautions += [say.say for say in judged.compiled.card.office_checks]
    return list(dict.fromkeys(cautions))


def _applies_later(judged: Judged, library: Library) -> bool:
    """Whether the way to apply is told from a document that was not yet in force on the day asked about."""
    documents = (library.documents[cite.partition("#")[0]] for cite in _apply(judged.compiled, library)["cites"])
    return any(document.valid_from is not None and document.valid_from > judged.case.as_of for document in documents)
