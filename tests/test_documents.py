"""What the source documents promise: clean clauses, in order, word for word, each with an address."""

import datetime
import hashlib
import re
from pathlib import Path

import opencc
import pytest
import yaml

DOCUMENTS = Path(__file__).parents[1] / "knowledge" / "documents"
KEYS = {"id", "kind", "title", "short", "number", "issuer", "place", "issued", "valid_from", "valid_until", "note"}
OPTIONAL_KEYS = {"succeeds", "number_unsure", "restored", "damaged", "open_figures"}
SUMMARY_LINE = re.compile(r"- \[([NL]\d{3}) (seen|seen-secondary|memory)\] \S.+")

# Every clause of the five quoted documents, in the order in which the document itself has them.
CLAUSES = {
    "hlj-county": "序 一 二 三(一)1 三(一)2 三(二)1 三(二)2 三(二)3 三(二)4 四(一) 四(二) 四(三)",
    "ningxia-2021": "序 总体要求 两项·一 两项·二 三条·一 三条·二 三条·三 四项·一 四项·二 四项·三 四项·四",
    "yangjiang-2017": (
        "通知 序 一 二(一) 二(一)一 二(一)二 二(一)三 二(一)四 二(一)五 二(一)六 二(一)七"
        " 二(二) 二(二)一 二(二)二 二(二)三 二(二)四 二(二)五 二(三) 二(四)"
        " 二(五) 二(五)一 二(五)二 二(五)三 二(五)四 二(五)五"
        " 三(一) 三(二) 三(三) 三(四) 四(一) 四(二) 四(三) 四(四) 四(五) 落款"
    ),
    "dunji-2020": (
        "通知 序 总体要求 重点任务(一) (二)一 (二)二 (二)三 (三)一 (三)二 (三)三 (四) (五)一 (五)二"
        " 三(一) 三(二) 三(三) 三(四) 四(一) 四(二) 四(三)"
    ),
    "guigang-district": (
        "序 一 二 三 三(一) 三(二) 三(三) 三(四) 三(五) 三(六) 三(七) 三(八) 三(九) 三(十) 三(十一) 三(十二)"
        " 三(十三) 四(一) 四(一)标准 四(一)程序 四(二)1 四(二)2 四(二)3 五 五(一) 五(二) 五(三) 五(四) 五(五)"
        " 五(六) 五(七)"
    ),
}

# SHA-256 of all clause text without blanks, taken when the text was compared with its source character by character.
CHECKED_TEXT = {
    "hlj-county": "f7833bdfa82881e44a5f14a8b63a04e6b881f0da6eef2a03c06fbca3999bfac3",
    "ningxia-2021": "5489cf5867376093119d75469c81097e9e81d088d7503decc5f4edf16ab01d57",
    "yangjiang-2017": "cefe84d6a60c085edb5011c24c006aa5544022d5957d36ac264d944071d2c0ce",
    "dunji-2020": "2b6d2b3f49639e5abf2c8150c42686fde871d2ebfbf5af9a9e65fc41d1fd18bd",
    "guigang-district": "0d874fbb932e88e6b63ef59aecd7f1cc5716af4989dc790c5bb4aa36b9f1a777",
}

# One sentence a clause must carry for the benefits that rest on it.
SENTENCES = [
    ("hlj-county", "三(一)1", "对我县80周岁以上居家高龄脱贫老人,给予每人每月100元高龄居家养老补贴。"),
    ("hlj-county", "三(一)2", "对其入院费每人每月补贴200元。"),
    ("hlj-county", "三(二)1", "按照不低于低保标准15%的水平予以低保金加发。"),
    ("ningxia-2021", "两项·一", "各地根据实际情况给予3-18个月的渐退期"),
    ("ningxia-2021", "三条·二", "在急难发生地申请、审核并实行“小金额先行救助”"),
    ("yangjiang-2017", "二(一)一", "并按照家庭人均收入低于当地低保标准的差额发给低保金"),
    ("yangjiang-2017", "二(一)四", "按照不低于80%的比例给予救助"),
    ("yangjiang-2017", "二(二)五", "“十三五”期间,在农村低保和扶贫对象认定时"),
    ("dunji-2020", "(二)三", "对主动申请退出低保的可给予1-3个月的低保金"),
    ("dunji-2020", "(三)三", "不得让传染病患者和精神病患者入住敬老院。"),
    ("guigang-district", "二", "(指家庭年人均纯收入在X元以下,并且存在返贫风险的已脱贫户)"),
    ("guigang-district", "四(二)1", "安排干部跟踪管理1年"),
]

DIRT = {
    "pinyin in brackets": re.compile(r"[(（][a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜü]+[)）]"),
    "a lost character": re.compile(r"[?？\ufffd\u2500-\u257f\u0400-\u04ff]"),
    "a private-use character": re.compile(r"[\ue000-\uf8ff]"),
    "a site's registration": re.compile(r"ICP|公网安备|网站标识码"),
    "a page's menu": re.compile(
        r"首页|当前位置|扫一扫|浏览量|网站地图|隐私申明|政务微博|智能问答|无障碍|字体|文档附件"
    ),
    "spam": re.compile(r"欧美|亚洲|人妻|黄色|国产"),
    "a web address": re.compile(r"https?://|www\."),
    "a date that lost its year or month": re.compile(r"20\d{3,}月|2017324|〔20\d{5,}"),
}


def read(path: Path) -> tuple[dict, dict[str, str]]:
    """Front matter, and the text of each clause under its id."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    parts = re.split(r"^## (.+)\n", body, flags=re.MULTILINE)
    ids, texts = parts[1::2], [text.strip() for text in parts[2::2]]
    assert not parts[0].strip(), f"{path.name}: text before the first clause"
    assert len(ids) == len(set(ids)), f"{path.name}: a clause id stands twice"
    return yaml.safe_load(front), dict(zip(ids, texts, strict=True))


ALL = sorted(DOCUMENTS.glob("*.md"))
every_document = pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
every_quoted = pytest.mark.parametrize("name", CLAUSES)


def quoted(name: str) -> tuple[dict, dict[str, str]]:
    return read(DOCUMENTS / f"{name}.md")


@every_document
def test_front_matter_is_complete(path):
    front, clauses = read(path)

    assert KEYS <= set(front) <= KEYS | OPTIONAL_KEYS
    assert path.stem == front["id"]
    assert front["kind"] == ("quoted" if path.stem in CLAUSES else "summary")
    assert clauses
    for key in ("title", "short", "issuer", "note"):
        assert isinstance(front[key], str) and front[key].strip()


@every_document
def test_a_place_is_a_code_in_quotes_and_dates_are_dates(path):
    front, _ = read(path)

    assert isinstance(front["place"], str) and re.fullmatch(r"\d{6}|\d{9}|\d{12}", front["place"])
    for key in ("issued", "valid_from", "valid_until"):
        assert front[key] is None or isinstance(front[key], datetime.date)
    if front["valid_from"] and front["valid_until"]:
        assert front["valid_from"] <= front["valid_until"]


@every_document
def test_a_number_known_only_from_memory_is_not_shown_as_the_number(path):
    front, _ = read(path)

    if "number_unsure" in front:
        assert front["number"] is None
        assert front["number_unsure"] not in front["title"] + front["short"]


@every_document
def test_no_dirt_reaches_a_clause(path):
    front, clauses = read(path)
    shown = {**clauses, "title": front["title"], "short": front["short"], "note": front["note"]}

    found = [(where, what) for where, text in shown.items() for what, dirt in DIRT.items() if dirt.search(text)]
    assert [] == found
    assert all(text for text in clauses.values())


@every_document
def test_everything_is_in_simplified_characters(path):
    text = path.read_text(encoding="utf-8")
    simplified = opencc.OpenCC("t2s").convert(text)

    assert [] == [pair for pair in zip(text, simplified, strict=True) if pair[0] != pair[1]]
    assert "著力" not in text  # opencc leaves 著 alone, it is right in 著名


@every_quoted
def test_a_quoted_document_has_its_clauses_in_the_order_of_its_source(name):
    _, clauses = quoted(name)

    assert CLAUSES[name].split() == list(clauses)


@every_quoted
def test_a_quoted_document_is_word_for_word_what_was_compared_with_its_source(name):
    _, clauses = quoted(name)
    text = re.sub(r"\s", "", "".join(clauses.values()))

    assert CHECKED_TEXT[name] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("name", "clause", "sentence"), SENTENCES)
def test_the_sentence_a_benefit_rests_on_stands_in_its_clause(name, clause, sentence):
    _, clauses = quoted(name)

    assert sentence in clauses[clause]


def test_every_restored_character_is_listed_with_its_reason():
    front, clauses = quoted("yangjiang-2017")

    assert front["restored"]
    for entry in front["restored"]:
        assert {"clause", "restored", "reason"} == set(entry)
        assert entry["restored"] in clauses[entry["clause"]]
        assert entry["reason"]


@every_quoted
def test_a_gap_that_could_not_be_restored_is_said_to_be_one(name):
    front, clauses = quoted(name)
    gaps = [clause for clause, text in clauses.items() if "〔此处原文缺字〕" in text]

    assert gaps == [entry["clause"] for entry in front.get("damaged", [])]


@every_quoted
def test_only_the_document_with_open_figures_has_any(name):
    front, clauses = quoted(name)
    has_blanks = any(re.search(r"X[元户人年月日]", text) for text in clauses.values())

    assert has_blanks == front.get("open_figures", False)


@every_document
def test_a_summary_says_how_sure_every_line_is(path):
    front, clauses = read(path)
    if front["kind"] != "summary":
        return

    for clause, text in clauses.items():
        for line in text.splitlines():
            assert SUMMARY_LINE.fullmatch(line), f"{path.stem}#{clause}: {line}"


def summary_rows() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in ALL)
    return {row for text in texts for row in re.findall(r"^- \[([NL]\d{3}) ", text, flags=re.MULTILINE)}


def test_no_fact_of_the_national_baseline_is_lost():
    assert {f"N{number:03}" for number in range(1, 266)} <= summary_rows()


def test_figures_that_nobody_could_confirm_are_not_in_the_library():
    software_seed_data = {f"L{number:03}" for number in range(7, 16)}
    unconfirmed = {"L020", "L036", "L050", "L051", "L065", "L079"}

    assert not (software_seed_data | unconfirmed) & summary_rows()
