"""A county's roster against the rules: whom to visit and why, which facts are missing, which rows cannot be read.

Rows are read one at a time and written one at a time, so that memory does not grow with the roster. Nothing leaves the machine.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from knowledge.library import Library, load
from rules.amounts import amount_for
from rules.columns import (
    HOUSEHOLD_COLUMN,
    PERSON_COLUMN,
    CellError,
    columns,
    household_of,
    person_name,
    read_cell,
    read_header,
)
from rules.explain import amount_words
from rules.household import Household, HouseholdError
from rules.paths import path_words
from rules.screen import Judged, amounts_of, judge

VISIT = ("建议走访", ("户号", "姓名", "可能符合几项", "可能符合的项目", "为什么", "依据"))
MISSING = ("缺少的信息", ("户号", "姓名", "还缺什么", "影响的项目"))
UNREAD = ("读不了的行", ("行号", "户号", "原因"))
WIDTHS = (14, 12, 14, 60, 60, 40)
MOST_FACTS = 8
CHUNK = 100

Cells = Sequence[Any]
Problem = Tuple[int, str, str]
Line = Tuple[str, Cells]


@dataclass
class Row:
    """One person's row: its number in the file, its facts by key, and what could not be read."""

    number: int
    household: str
    facts: Dict[str, Any]
    problem: Optional[str] = None


@dataclass
class Tally:
    """What a run came to."""

    households: int = 0
    visits: int = 0
    missing: int = 0
    unread: int = 0
    strangers: List[str] = field(default_factory=list)
    figures: Set[str] = field(default_factory=set)

    def add(self, part: "Tally") -> None:
        self.households += part.households
        self.visits += part.visits
        self.missing += part.missing
        self.unread += part.unread
        self.figures |= part.figures


def screen_roster(
    source: Path,
    out: Path,
    as_of: dt.date,
    place: Optional[str] = None,
    parameters: Optional[Mapping[str, Any]] = None,
    library: Optional[Library] = None,
    progress: Any = iter,
    workers: int = 0,
) -> Tally:
    """Screen every household of an .xlsx or .csv file and write the three sheets.

    place: for rows that do not name their own. parameters: local figures (yuan a month). library: another knowledge base
    than the project's own. progress: wraps the rows, as tqdm does. workers: processes that judge beside the one that reads.
    Raises CellError when the first row names no household column.
    """
    known = library or load()
    rows = iter(progress(_cells(source)))
    first = next(rows, None)
    header, strangers = read_header(first or (), known)
    tally = Tally(strangers=strangers)
    judge_all = partial(judge_households, as_of=as_of, place=place, parameters=parameters, library=library)
    households = _households(_rows(rows, header, known))
    book = Workbook(write_only=True)
    sheets = {name: _sheet(book, name, titles) for name, titles in (VISIT, MISSING, UNREAD)}
    for lines, part in _in_order(judge_all, _chunks(households), workers):
        tally.add(part)
        for name, cells in lines:
            sheets[name].append([_text(sheets[name], cell) for cell in cells])
    book.save(out)
    return tally


Judgement = Tuple[List[Line], Tally]


# --- reading


def _cells(source: Path) -> Iterator[Cells]:
    return _csv_cells(source) if source.suffix.lower() == ".csv" else _xlsx_cells(source)


def _xlsx_cells(source: Path) -> Iterator[Cells]:
    book = load_workbook(source, read_only=True, data_only=True)
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _csv_cells(source: Path) -> Iterator[Cells]:
    """UTF-8, or the GB 18030 that Chinese spreadsheets write."""
    with source.open("rb") as start:
        head = start.read(1 << 16)
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "gb18030"
    with source.open(encoding=encoding, newline="") as text:
        yield from csv.reader(text)


def _rows(cells: Iterable[Cells], header: Mapping[int, str], library: Library) -> Iterator[Row]:
    for number, row in enumerate(cells, 2):
        if any(cell not in (None, "") for cell in row):
            yield _row(number, row, header, library)


def _row(number: int, cells: Cells, header: Mapping[int, str], library: Library) -> Row:
    row = Row(number, "", {})
    for position, key in header.items():
        cell = cells[position] if position < len(cells) else None
        if key == HOUSEHOLD_COLUMN:
            row.household = "" if cell is None else str(cell).strip()
        elif key == PERSON_COLUMN:
            row.facts[key] = cell
        elif cell is not None and cell != "":
            try:
                value = read_cell(key, cell, library)
            except CellError as error:
                row.problem = row.problem or str(error)
                continue
            if value is not None:
                row.facts[key] = value
    if not row.household:
        row.problem = row.problem or "没有写户号 / no household number"
    return row


# --- judging


def _households(rows: Iterable[Row]) -> Iterator[List[Row]]:
    """The rows of each household; a household that was there before is marked as unreadable."""
    seen: Set[str] = set()
    for household, group in groupby(rows, key=lambda row: row.household):
        people = list(group)
        if household in seen and not any(row.problem for row in people):
            people[
                0
            ].problem = "这一户的行没有挨在一起，请按户号排好 / the rows of this household do not stand together"
        seen.add(household)
        yield people


def _chunks(households: Iterable[List[Row]]) -> Iterator[List[List[Row]]]:
    waiting = iter(households)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _in_order(
    judge_all: Callable[[List[List[Row]]], Judgement], chunks: Iterable[List[List[Row]]], workers: int
) -> Iterator[Judgement]:
    """Judge the chunks, in processes of their own where there are workers; only a few chunks wait at any time."""
    if not workers:
        yield from map(judge_all, chunks)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: Deque[Future[Judgement]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(judge_all, chunk))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def judge_households(
    households: Iterable[List[Row]],
    as_of: dt.date,
    place: Optional[str],
    parameters: Optional[Mapping[str, Any]],
    library: Optional[Library] = None,
) -> Judgement:
    """The lines that households add to the sheets, and what they come to."""
    library = library or load()
    tally = Tally()
    lines: List[Line] = []
    for people in households:
        tally.households += 1
        problems = _problems(people)
        if not problems:
            try:
                lines += _judged(_household(people, place, library), people, as_of, parameters, library, tally)
                continue
            except (HouseholdError, CellError) as error:
                problems = [(_row_of(error, people), people[0].household, str(error))]
        tally.unread += len(problems)
        lines += [(UNREAD[0], problem) for problem in problems]
    return lines, tally


def _problems(people: List[Row]) -> List[Problem]:
    return [(row.number, row.household, row.problem) for row in people if row.problem]


def _household(people: List[Row], place: Optional[str], library: Library) -> Household:
    for number, row in enumerate(people, 1):
        row.facts[PERSON_COLUMN] = person_name(row.facts.get(PERSON_COLUMN), number)
    return Household.parse(household_of([row.facts for row in people], place), library)


def _row_of(error: Exception, people: List[Row]) -> int:
    """The row that a fault's path points to; the household's first when it is about the household."""
    path = getattr(error, "path", "")
    number = path.partition("members[")[2].partition("]")[0]
    return people[int(number)].number if number.isdigit() else people[0].number


def _judged(
    household: Household,
    people: List[Row],
    as_of: dt.date,
    parameters: Optional[Mapping[str, Any]],
    library: Library,
    tally: Tally,
) -> List[Line]:
    found = [one for one in judge(household, as_of, None, parameters, library) if not one.already and not one.possible]
    names = (people[0].household, people[0].facts[PERSON_COLUMN])
    lines: List[Line] = []
    good = [one for one in found if one.truth]
    if good:
        tally.visits += 1
        cells = ("；".join(map(_name, good)), "；".join(dict.fromkeys(map(_why, good))), _sources(good, library))
        lines.append((VISIT[0], (*names, len(good), *cells)))
    facts, programmes = _wanting([one for one in found if one.truth is None], tally)
    if facts:
        tally.missing += 1
        words = "、".join(path_words(path, household, library) for path in facts)
        lines.append((MISSING[0], (*names, words, "、".join(programmes))))
    return lines


def _name(judged: Judged) -> str:
    """`高龄脱贫老人居家养老补贴（奶奶，每人每月 100 元）`."""
    person = judged.case.member.id if judged.case.member else None
    about = "，".join(filter(None, (person, amount_words(amount_for(judged.case, amounts_of(judged))))))
    name = judged.compiled.card.name
    return f"{name}（{about}）" if about else name


def _why(judged: Judged) -> str:
    return "，".join(dict.fromkeys(filter(None, (check.told(judged.case) for check in judged.compiled.checks))))


def _sources(good: Iterable[Judged], library: Library) -> str:
    cites = dict.fromkeys(check.cite for judged in good for check in judged.compiled.checks if check.cite)
    clauses = (address.partition("#") for address in cites)
    return "；".join(f"{library.documents[document].short} {clause}" for document, _, clause in clauses)


def _wanting(undetermined: Iterable[Judged], tally: Tally) -> Tuple[List[str], List[str]]:
    """The facts that keep most verdicts open, and the programmes that wait for them. Local figures are noted once for all."""
    waiting: Counter[str] = Counter()
    programmes: Dict[str, None] = {}
    for judged in undetermined:
        paths = judged.missing()
        tally.figures.update(path for path in paths if path.startswith("parameters."))
        asked = [path for path in paths if not path.startswith("parameters.")]
        waiting.update(asked)
        if asked:
            programmes[judged.compiled.card.name] = None
    return [path for path, _ in waiting.most_common(MOST_FACTS)], list(programmes)


# --- writing


def _sheet(book: Workbook, name: str, titles: Sequence[str]) -> Any:
    sheet = book.create_sheet(name)
    for letter, width in zip("ABCDEF", WIDTHS):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, title) for title in titles])
    return sheet


def _bold(sheet: Any, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=title)
    cell.font = Font(bold=True)
    return cell


def _text(sheet: Any, value: Any) -> Any:
    """A name that begins with = is a name, not a formula."""
    if not (isinstance(value, str) and value.startswith("=")):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def write_template(out: Path, library: Optional[Library] = None) -> None:
    """An empty roster with every column, two made-up households, and a sheet that says how to fill each column."""
    library = library or load()
    known = columns(library)
    book = Workbook(write_only=True)
    roster = book.create_sheet("名册")
    roster.freeze_panes = "C2"
    roster.append([_bold(roster, column.chinese) for column in known])
    for example in _EXAMPLES:
        roster.append([example.get(column.key) for column in known])
    words = book.create_sheet("怎么填")
    for letter, width in zip("ABC", (24, 30, 70)):
        words.column_dimensions[letter].width = width
    words.append([_bold(words, title) for title in ("列名", "英文列名", "怎么填（不知道就空着，空着不等于没有）")])
    for column in known:
        words.append([column.chinese, column.english, column.how])
    book.save(out)


_EXAMPLES: List[Dict[str, Any]] = [
    {
        "household": "例1", "person": "示例奶奶", "size": 2, "annual_income": 9000, "status.out_of_poverty": "是",
        "member.relation": "奶奶/姥姥", "member.age": 82, "member.living": "住在家里",
    },
    {"household": "例1", "person": "示例孙女", "member.relation": "孙子孙女", "member.age": 15, "member.studying": "小学或初中"},
    {"household": "例2", "person": "示例户主", "size": 1, "status.dibao": "是", "member.age": "60-65", "member.disability_grade": "二级"},
]  # fmt: skip
