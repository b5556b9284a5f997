"""The shapes of what `knowledge/` holds, checked by pydantic when it is read."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, List, Optional

from pydantic import BaseModel, Extra, Field, validator

CONDITION_KINDS = ("fact", "all", "any", "some_member", "open", "use", "income", "within")
UNITS = ("CNY/person/month", "CNY/household/month", "CNY/once", "CNY/year", "month", "percent")


class Strict(BaseModel):
    """A record in which a misspelt key is an error, not silence."""

    class Config:
        extra = Extra.forbid
        allow_population_by_field_name = True


class Choice(Strict):
    """One answer; `short` is how it is said back when the label needs its question."""

    value: Any
    label: str
    short: Optional[str] = None


class Fact(Strict):
    """One fact of the closed list: how it is asked, why, and what settles it. Numbers carry their unit.

    ages: [from, to], of whom it makes sense to ask at all.
    """

    path: str
    type: str
    label: str
    ask: str
    why: str
    settle: str
    ease: int
    unit: Optional[str] = None
    minimum: float = 0
    maximum: Optional[float] = None
    whole: bool = False
    ages: List[Optional[float]] = []
    choices: List[Choice] = []
    probe: List[float] = []

    @property
    def values(self) -> List[Any]:
        return [choice.value for choice in self.choices]


class Clause(Strict):
    """A numbered piece of a document. `text` is the document's own (quoted) or our gist of it (summary)."""

    document: str
    id: str
    text: str
    sure: str = "seen"

    @property
    def address(self) -> str:
        return f"{self.document}#{self.id}"


class Document(Strict):
    """A source with its dates: `quoted` (we hold its words) or `summary` (we hold our own gist, 要点).

    succeeds: the clause that held before it, cited for an earlier day.
    """

    id: str
    kind: str
    title: str
    short: str
    number: Optional[str] = None
    number_unsure: Optional[str] = None
    issuer: Optional[str] = None
    place: str
    issued: Optional[dt.date] = None
    valid_from: Optional[dt.date] = None
    valid_until: Optional[dt.date] = None
    note: Optional[str] = None
    succeeds: Optional[str] = None
    open_figures: bool = False
    restored: List[Dict[str, Any]] = []
    damaged: List[Dict[str, Any]] = []
    clauses: Dict[str, Clause] = {}

    def ended(self, as_of: dt.date) -> bool:
        """Whether the document's term is over on that day."""
        return self.valid_until is not None and self.valid_until < as_of


class Say(Strict):
    """One sentence for a person, with the clause it rests on (None only for practical advice without a figure)."""

    say: str
    cite: Optional[str] = None
    sure: bool = True
    number: Optional[str] = None
    programme: Optional[str] = None


class Apply(Strict):
    where: Optional[Say] = None
    how: List[Say] = []
    materials: List[Say] = []
    time: Optional[Say] = None
    phone: Optional[Say] = None


class Programme(Strict):
    """A card: what a programme is and how one applies, whatever the place."""

    id: str
    name: str
    scope: str
    screened: bool
    group: str
    also_called: List[str] = []
    needs: List[str] = []
    says: str
    says_cite: Optional[str] = None
    apply: Apply = Apply()
    answers: Dict[str, List[Say]] = {}
    office_checks: List[Say] = []
    unlocks: List[str] = []
    excludes: List[Say] = []
    near_miss: List[str] = []
    notes: List[Say] = []

    @validator("scope")
    def _scope(cls, value: str) -> str:
        if value not in ("household", "member"):
            raise ValueError("scope must be household or member")
        return value


class Condition(Strict):
    """One condition of a rule; exactly one kind of CONDITION_KINDS, or a comparison of `fact`.

    text: the requirement in plain words. cite: the clause; quote: its words (quoted documents), checked to stand in it.
    """

    fact: Optional[str] = None
    is_: Any = Field(None, alias="is")
    in_: Optional[List[Any]] = Field(None, alias="in")
    at_least: Optional[float] = None
    at_most: Optional[float] = None
    below: Optional[float] = None
    above: Optional[float] = None
    all: Optional[List["Condition"]] = None
    any: Optional[List["Condition"]] = None
    some_member: Optional["Condition"] = None
    open: Optional[str] = None
    use: Optional[str] = None
    income: Optional[str] = None
    parameter: Optional[str] = None
    times: float = 1
    text: Optional[str] = None
    cite: Optional[str] = None
    quote: Optional[str] = None

    @property
    def kind(self) -> str:
        named = [kind for kind in CONDITION_KINDS if getattr(self, kind, None) is not None]
        if len(named) != 1:
            raise ValueError(f"a condition needs exactly one of {', '.join(CONDITION_KINDS)}; this one has {named or 'none'}")
        return named[0]


Condition.update_forward_refs()


class Amount(Strict):
    """What one would get when `when` holds. Either figures (`min`, `max`; max None is open) or a share of a parameter or fact.

    unit: one of UNITS; share: [low, high] of `of` (a parameter `dibao_standard` or a fact `member.medical_cost`).
    """

    when: Optional[Condition] = None
    min: Optional[float] = None
    max: Optional[float] = None
    unit: str
    basis: Optional[str] = None
    share: Optional[List[Optional[float]]] = None
    of: Optional[str] = None
    gap: bool = False
    text: Optional[str] = None
    cite: Optional[str] = None
    quote: Optional[str] = None
    sure: str = "seen"
    start: Optional[dt.date] = Field(None, alias="from")
    until: Optional[dt.date] = None
    programme: Optional[str] = None

    @validator("unit")
    def _unit(cls, value: str) -> str:
        if value not in UNITS:
            raise ValueError(f"unit must be one of {', '.join(UNITS)}")
        return value


class Rule(Strict):
    """One programme in one place: its conditions, amount and what differs when applying, within the document's dates."""

    programme: str
    place: str
    document: str
    start: Optional[dt.date] = Field(None, alias="from")
    until: Optional[dt.date] = None
    covers: List[Condition] = []
    conditions: List[Condition]
    amount: List[Amount] = []
    amount_open: Optional[Say] = None
    cautions: List[Say] = []
    apply: Apply = Apply()
    file: Optional[str] = None


class IncomeRule(Strict):
    """How income is counted in a place.

    kind: employment_cost (rate of the minimum wage, `disabled_rate` for disabled workers; rate None is left open) or
    basic_pension (not counted; `certain: false` where it is not known whether the exclusion goes on).
    """

    kind: str
    rate: Optional[List[float]] = None
    disabled_rate: Optional[List[float]] = None
    certain: bool = True
    text: str
    cite: str
    quote: Optional[str] = None
    start: Optional[dt.date] = Field(None, alias="from")
    until: Optional[dt.date] = None


class Figure(Strict):
    """A dated local figure (yuan a person a month, or yuan a month) and how sure it is."""

    value: float
    start: dt.date = Field(alias="from")
    until: Optional[dt.date] = None
    cite: str
    sure: str = "seen"
    hukou_kind: Optional[str] = None
    note: Optional[str] = None


class Office(Strict):
    name: str
    address: Optional[str] = None
    phone: Optional[str] = None
    hours: Optional[str] = None
    cite: Optional[str] = None
    note: Optional[str] = None


class Place(Strict):
    """A place with rules of its own. `stands_within`: a stand-in for some unnamed county of that province or city."""

    code: str
    name: str
    stands_within: Optional[str] = None
    note: Optional[str] = None
    income_rules: List[IncomeRule] = []
    parameters: Dict[str, List[Figure]] = {}
    amounts: List[Amount] = []
    offices: List[Office] = []
    platforms: List[Say] = []
