"""The one reader of `knowledge/`: documents, cards, places, facts.

Reading checks shapes; `knowledge.check` checks that everything that is cited stands where it is said to stand.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

import yaml
from pydantic import ValidationError

from knowledge.model import Clause, Condition, Document, Fact, Place, Programme, Rule

ROOT = Path(__file__).parent
NATION = "000000"
_SUMMARY_LINE = re.compile(r"^- \[(\S+) (seen-secondary|seen|memory)\] (.+)$")
_SURENESS = ("seen", "seen-secondary", "memory")


class KnowledgeError(ValueError):
    """A file of the knowledge base that cannot be used: says which file, where, why, and what to write instead."""


@dataclass(frozen=True, eq=False)
class Library:
    """Everything known, by id. `rules` is by (place code, programme id), oldest version first."""

    documents: Mapping[str, Document]
    programmes: Mapping[str, Programme]
    places: Mapping[str, Place]
    rules: Mapping[Tuple[str, str], List[Rule]]
    facts: Mapping[str, Fact]
    definitions: Mapping[str, Condition]
    neighbours: Mapping[str, Dict[str, Any]] = field(default_factory=dict)
    complaints: List[Dict[str, Any]] = field(default_factory=list)
    wrongs: Dict[str, List[str]] = field(default_factory=dict)
    emergencies: Mapping[str, Dict[str, Any]] = field(default_factory=dict)
    asides: List[Dict[str, Any]] = field(default_factory=list)
    signs: List[Tuple[str, Condition]] = field(default_factory=list)

    def clause(self, address: str) -> Clause:
        """The clause at `document#clause`. Raises KnowledgeError naming the address when there is none."""
        document, _, clause = address.partition("#")
        try:
            return self.documents[document].clauses[clause]
        except KeyError:
            raise KnowledgeError(f"{address}: no such clause; see knowledge/documents/{document}.md") from None

    def rule(self, place: str, programme: str, as_of: dt.date) -> Optional[Rule]:
        """The version of a place's rule in force on a day, or the last one whose term has ended; None before the first."""
        begun = [rule for rule in self.rules.get((place, programme), ()) if rule.start is None or rule.start <= as_of]
        return begun[-1] if begun else None

    def places_upward(self, code: str) -> Iterator[Place]:
        """The places with rules that contain a code: village, town, county, city, province, nation."""
        for candidate in upward(code):
            if candidate in self.places:
                yield self.places[candidate]


def upward(code: str) -> List[str]:
    """A place code and those that contain it, nearest first, the nation last.

    >>> upward("341324101")
    ['341324101', '341324', '341300', '340000', '000000']
    """
    codes = [code[:length] for length in (12, 9) if len(code) >= length]
    codes += [code[:length].ljust(6, "0") for length in (6, 4, 2) if len(code) >= length]
    return list(dict.fromkeys([*codes, NATION]))


@lru_cache(maxsize=4)
def load(root: Path = ROOT) -> Library:
    """Read the knowledge base under `root` (once). Raises KnowledgeError with file and fault."""
    documents = {d.id: d for d in map(_document, sorted((root / "documents").glob("*.md")))}
    programmes = {p.id: p for p in (_parse(Programme, path) for path in sorted((root / "programmes").glob("*.yml")))}
    places: Dict[str, Place] = {}
    rules: Dict[Tuple[str, str], List[Rule]] = {}
    for folder in sorted(path for path in (root / "places").iterdir() if path.is_dir()):
        place = _parse(Place, folder / "place.yml")
        places[place.code] = place
        for path in sorted(folder.glob("*.yml")):
            if path.name != "place.yml":
                for rule in _rules(path, place, documents):
                    rules.setdefault((place.code, rule.programme), []).append(rule)
    for versions in rules.values():
        versions.sort(key=lambda rule: rule.start or dt.date.min)
    shared = root if (root / "facts.yml").exists() else ROOT
    return Library(
        documents=documents,
        programmes=programmes,
        places=places,
        rules=rules,
        facts={fact.path: fact for fact in (_build(Fact, row, shared / "facts.yml") for row in _yaml(shared / "facts.yml"))},
        definitions={
            name: _build(Condition, row, shared / "definitions.yml") for name, row in _yaml(shared / "definitions.yml").items()
        },
        neighbours={row["id"]: row for row in _optional(shared / "neighbours.yml")},
        complaints=_optional(shared / "complaints.yml"),
        wrongs=_yaml(shared / "wrongs.yml") if (shared / "wrongs.yml").exists() else {},
        emergencies={row["id"]: row for row in _optional(shared / "emergencies.yml")},
        asides=_optional(shared / "asides.yml"),
        signs=[
            (row["programme"], _build(Condition, row["when"], shared / "signs.yml")) for row in _optional(shared / "signs.yml")
        ],
    )


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{path}: not readable as YAML: {error}") from error


def _optional(path: Path) -> List[Dict[str, Any]]:
    return _yaml(path) if path.exists() else []


def _build(model: Any, row: Any, path: Path) -> Any:
    try:
        return model(**row)
    except (ValidationError, TypeError) as error:
        raise KnowledgeError(f"{path}:{line_of(path, row)}: {fault_of(error)}") from error


def _parse(model: Any, path: Path) -> Any:
    return _build(model, _yaml(path), path)


def fault_of(error: Exception) -> str:
    """A pydantic fault as `where: what`, one a line."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return str(error)


def line_of(path: Path, row: Any) -> int:
    """The line on which a record starts, found by its first telling value; 1 when it cannot be found."""
    telling = next((str(v) for v in row.values() if isinstance(v, str) and len(v) > 3), None) if isinstance(row, dict) else None
    if telling:
        for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
            if telling in line:
                return number
    return 1


def _rules(path: Path, place: Place, documents: Mapping[str, Document]) -> Iterator[Rule]:
    content = _yaml(path)
    for row in content if isinstance(content, list) else [content]:
        row = {"programme": path.stem, "place": place.code, "file": str(path), **row}
        document = documents.get(row.get("document", ""))
        if document is None:
            raise KnowledgeError(f"{path}: document {row.get('document')!r} is not in knowledge/documents/; write the id of one that is")
        row.setdefault("from", document.valid_from)
        row.setdefault("until", document.valid_until)
        yield _build(Rule, row, path)


def _document(path: Path) -> Document:
    text = path.read_text(encoding="utf8")
    try:
        _, front, body = text.split("---\n", 2)
        meta = yaml.load(front, Loader=yaml.CSafeLoader)
    except (ValueError, yaml.YAMLError) as error:
        raise KnowledgeError(f"{path}: needs YAML front matter between two lines of ---: {error}") from error
    document = _build(Document, meta, path)
    clauses = {}
    for piece in re.split(r"(?m)^## ", body)[1:]:
        name, _, content = piece.partition("\n")
        name = name.strip()
        if name in clauses:
            raise KnowledgeError(f"{path}: clause {name} stands twice; give one another id")
        clauses[name] = _clause(document, name, content.strip())
    return document.copy(update={"clauses": clauses})


def _clause(document: Document, name: str, content: str) -> Clause:
    if document.kind == "quoted":
        return Clause(document=document.id, id=name, text=content)
    rows = [match.groups() for match in map(_SUMMARY_LINE.match, content.splitlines()) if match]
    told = [row for row in rows if row[1] != "memory"]
    sure = min((row[1] for row in told), key=_SURENESS.index, default="memory")
    return Clause(document=document.id, id=name, text="\n".join(row[2] for row in told), sure=sure)
