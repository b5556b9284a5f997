"""Which classifier understands best for its cost: `python -m benchmarks.classifiers [--every N] [--diet EPOCHS] [FILE…]`.

Trains each set-up on data/nlu (every Nth utterance of a kind) and scores it, and ensembles of two, on held-out questions, the
project's own by default: kind of question (aspect) and topic (programme group; for narratives any of the first three), with the
seconds it took to train. DIET runs through Rasa itself, in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from actions.reading import ASPECT_OF
from bot.evaluate import GROUPS, OWN, read_questions
from bot.nlu.classifier import Classifier, Example
from bot.nlu.normaliser import normalise
from bot.settings import ROOT
from knowledge.library import load

SHARPNESS = 4.0
Shares = List[Dict[str, float]]
Answers = Tuple[Shares, Shares]
SetUp = Callable[[List[Example], List[str]], Answers]


def examples(every: int = 1) -> List[Example]:
    """Every training utterance with its intent and topic, or every Nth of each intent and topic."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf8"))["nlu"]:
            topic = (block.get("metadata") or {}).get("topic", "none")
            lines = [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
            found += [Example(line, block["intent"], topic) for line in lines[::every]]
    return found


def linear(make: Callable[[], Any]) -> SetUp:
    """The project's features under another linear machine."""

    def answer(given: List[Example], texts: List[str]) -> Answers:
        plain = Classifier()
        known = [normalise(e.text) for e in given]
        plain._characters.fit(known)
        plain._words.fit(known)
        features, asked = plain._features(known), plain._features([normalise(text) for text in texts])
        both = []
        for labels in ([e.intent for e in given], [e.topic for e in given]):
            machine = make().fit(features, labels)
            both.append(_shares(machine.classes_, machine.decision_function(asked), SHARPNESS))
        return both[0], both[1]

    return answer


def retrieval(given: List[Example], texts: List[str]) -> Answers:
    """The nearest card by its names, needs and first sentence; kinds of question by the nearest training utterance."""
    cards = load().programmes.values()
    spaces = (
        [(" ".join([c.name, *c.also_called, *c.needs, c.says]), c.id) for c in cards],
        [(e.text, e.intent) for e in given],
    )
    told = []
    for space in spaces:
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        known = vectors.fit_transform(normalise(text) for text, _ in space)
        near = (vectors.transform(normalise(text) for text in texts) @ known.T).toarray()
        labels = sorted({label for _, label in space})
        best = np.stack([near[:, [label == name for _, label in space]].max(axis=1) for name in labels], axis=1)
        told.append(_shares(labels, best, 4 * SHARPNESS))
    return told[1], told[0]


def _shares(labels: Sequence[str], scores: np.ndarray, sharpness: float) -> Shares:
    """Scores as shares that sum to one."""
    powers = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return [dict(zip(labels, row)) for row in powers / powers.sum(axis=1, keepdims=True)]


def together(first: Answers, second: Answers) -> Answers:
    """Two set-ups with an equal say."""
    return tuple(
        [{k: a.get(k, 0.0) + b.get(k, 0.0) for k in {**a, **b}} for a, b in zip(*pair)] for pair in zip(first, second)
    )  # type: ignore[return-value]


def diet(epochs: int) -> SetUp:
    """Rasa's DIETClassifier on the same tokens; the topic is learned in a second model with topics as intents."""

    def answer(given: List[Example], texts: List[str]) -> Answers:
        return _diet(given, texts, epochs, "intent"), _diet(given, texts, epochs, "topic")

    return answer


def _diet(given: List[Example], texts: List[str], epochs: int, label: str) -> Shares:
    from rasa.core.agent import load_agent
    from rasa.model_training import train_nlu

    features = [
        {"name": "CountVectorsFeaturizer", "max_features": 5_000},
        {"name": "CountVectorsFeaturizer", "analyzer": "char", "min_ngram": 1, "max_ngram": 3, "max_features": 10_000},
    ]
    first = [{"name": "bot.nlu.components.Normaliser"}, {"name": "bot.nlu.components.ChineseTokenizer"}]
    machine = {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "ranking_length": 0}
    config = {
        "recipe": "default.v1", "language": "zh", "assistant_id": "benchmark", "pipeline": [*first, *features, machine],
    }  # fmt: skip
    blocks: Dict[str, List[str]] = {}
    for example in given:
        blocks.setdefault(getattr(example, label).replace("/", "+"), []).append(example.text)
    nlu = {
        "version": "3.1",
        "nlu": [{"intent": k, "examples": "".join(f"- {t}\n" for t in v)} for k, v in blocks.items()],
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("config.yml", config), ("nlu.yml", nlu)):
            (Path(folder) / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf8")
        model = train_nlu(f"{folder}/config.yml", f"{folder}/nlu.yml", folder)

        async def ask() -> Shares:
            agent = await load_agent(model)
            parsed = [await agent.parse_message(text) for text in texts]
            return [{r["name"].replace("+", "/"): r["confidence"] for r in one["intent_ranking"]} for one in parsed]

        return asyncio.run(ask())


def score(asked: Sequence[Dict[str, Any]], answers: Answers) -> Dict[str, float]:
    """Shares right: aspect, programme of short questions, programme of narratives (any of three), neighbours kept apart."""
    counts: Dict[str, List[int]] = {}

    def tally(name: str, right: bool) -> None:
        counts.setdefault(name, [0, 0])
        counts[name][0] += right
        counts[name][1] += 1

    known = load().programmes
    for question, *shares in zip(asked, *answers):
        intents, topics = (sorted(share, key=lambda name: -share[name]) for share in shares)
        if question["kind"] in ("faq", "narrative"):
            aspect = next((ASPECT_OF[name] for name in intents if name in ASPECT_OF), None)
            tally("aspect", aspect == question["aspect"])
            group = GROUPS.get(question["program"])
            if group:
                ours = [
                    t.replace("neighbour/", "") for t in topics if t in known or t.endswith("disability_certificate")
                ]
                shown = ours[: 3 if question["kind"] == "narrative" else 1]
                tally(f"programme, {question['kind']}", any(t.startswith(group) for t in shown))
        else:
            first = next((t for t in topics if t != "none"), "")
            tally("kept apart", first.startswith("neighbour/") or first == "out_of_scope")
    return {name: right / of for name, (right, of) in counts.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="learn from every Nth utterance of a kind only"
    )
    parser.add_argument("--diet", type=int, default=0, metavar="EPOCHS", help="also train DIET, which takes long")
    parser.add_argument("files", nargs="*", default=[str(ROOT / name) for name in OWN])
    wanted = parser.parse_args()
    given, files = examples(wanted.every), {name: read_questions(Path(name)) for name in wanted.files}
    asked = [question for questions in files.values() for question in questions]
    setups: Dict[str, SetUp] = {
        "SVM": linear(lambda: LinearSVC(C=0.5, random_state=0)),
        "logistic regression": linear(lambda: LogisticRegression(C=30, max_iter=150)),
        "retrieval": retrieval,
    }
    if wanted.diet:
        setups[f"DIET, {wanted.diet} epochs"] = diet(wanted.diet)
    print(f"{len(given)} training utterances, {len(asked)} held-out questions")
    found: Dict[str, Answers] = {}
    for name, answer in setups.items():
        begun = time.perf_counter()
        found[name] = answer(given, [question["text"] for question in asked])
        show(name, files, found[name], time.perf_counter() - begun)
    for other in [name for name in found if name != "SVM"]:
        show(f"SVM + {other}", files, together(found["SVM"], found[other]))


def show(
    name: str, files: Mapping[str, List[Dict[str, Any]]], answers: Answers, seconds: Optional[float] = None
) -> None:
    """A line of rates for each file of questions."""
    begin = 0
    for path, questions in files.items():
        end = begin + len(questions)
        shares = score(questions, (answers[0][begin:end], answers[1][begin:end]))
        rates = "  ".join(f"{label} {share:.1%}" for label, share in sorted(shares.items()))
        print(f"{name}, {Path(path).stem}: {rates}" + (f"  ({seconds:.0f} s)" if seconds else ""), flush=True)
        begin = end


if __name__ == "__main__":
    main()
