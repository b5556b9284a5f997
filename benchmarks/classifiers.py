"""Which classifier understands best for its cost: `python -m benchmarks.classifiers [--diet EPOCHS]`.

Trains each set-up on data/nlu and scores it on the project's own held-out questions: kind of question (aspect) and topic
(programme group; for narratives any of the first three), with the seconds it took to train. DIET runs through Rasa itself, in
a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Tuple

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

Ranked = List[str]
Answers = Tuple[List[Ranked], List[Ranked]]


def examples() -> List[Example]:
    """Every training utterance with its intent and topic."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf8"))["nlu"]:
            topic = (block.get("metadata") or {}).get("topic", "none")
            lines = [line[2:].strip() for line in block["examples"].splitlines() if line.startswith("- ")]
            found += [Example(line, block["intent"], topic) for line in lines]
    return found


def linear(make: Callable[[], Any]) -> Callable[[List[Example], List[str]], Answers]:
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
            scores = machine.decision_function(asked)
            both.append([[machine.classes_[i] for i in np.argsort(-row)] for row in scores])
        return both[0], both[1]

    return answer


def retrieval(given: List[Example], texts: List[str]) -> Answers:
    """The nearest card by its names, needs and first sentence; kinds of question by the nearest training utterance."""
    cards = load().programmes.values()
    spaces = (
        [(" ".join([c.name, *c.also_called, *c.needs, c.says]), c.id) for c in cards],
        [(e.text, e.intent) for e in given],
    )
    ranked = []
    for space in spaces:
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        known = vectors.fit_transform(normalise(text) for text, _ in space)
        near = (vectors.transform(normalise(text) for text in texts) @ known.T).toarray()
        ranked.append([[space[i][1] for i in np.argsort(-row)[:50]] for row in near])
    return ranked[1], ranked[0]


def diet(epochs: int) -> Callable[[List[Example], List[str]], Answers]:
    """Rasa's DIETClassifier on the same tokens; the topic is learned in a second model with topics as intents."""

    def answer(given: List[Example], texts: List[str]) -> Answers:
        return _diet(given, texts, epochs, "intent"), _diet(given, texts, epochs, "topic")

    return answer


def _diet(given: List[Example], texts: List[str], epochs: int, label: str) -> List[Ranked]:
    from rasa.core.agent import load_agent
    from rasa.model_training import train_nlu

    features = [
        {"name": "CountVectorsFeaturizer", "max_features": 20_000},
        {"name": "CountVectorsFeaturizer", "analyzer": "char", "min_ngram": 1, "max_ngram": 4, "max_features": 20_000},
    ]
    first = [{"name": "bot.nlu.components.Normaliser"}, {"name": "bot.nlu.components.ChineseTokenizer"}]
    config = {
        "recipe": "default.v1", "language": "zh", "assistant_id": "benchmark",
        "pipeline": [*first, *features, {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False}],
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

        async def ask() -> List[Ranked]:
            agent = await load_agent(model)
            parsed = [await agent.parse_message(text) for text in texts]
            return [[row["name"].replace("+", "/") for row in one["intent_ranking"]] for one in parsed]

        return asyncio.run(ask())


def score(asked: Sequence[Dict[str, Any]], answers: Answers) -> Dict[str, float]:
    """Shares right: aspect, programme of short questions, programme of narratives (any of three), neighbours kept apart."""
    counts: Dict[str, List[int]] = {}

    def tally(name: str, right: bool) -> None:
        counts.setdefault(name, [0, 0])
        counts[name][0] += right
        counts[name][1] += 1

    known = load().programmes
    for question, intents, topics in zip(asked, *answers):
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
    parser.add_argument("--diet", type=int, default=0, metavar="EPOCHS", help="also train DIET, which takes minutes")
    given, asked = examples(), [q for name in OWN for q in read_questions(ROOT / name)]
    texts = [question["text"] for question in asked]
    epochs = parser.parse_args().diet
    setups: Dict[str, Callable[[List[Example], List[str]], Answers]] = {
        "linear SVM, characters + words + lexicon (ours)": linear(lambda: LinearSVC(C=0.5, random_state=0)),
        "logistic regression, same features": linear(lambda: LogisticRegression(C=30, max_iter=150)),
        "retrieval over cards and utterances": retrieval,
    }
    if epochs:
        setups[f"DIET, {epochs} epochs"] = diet(epochs)
    print(f"{len(given)} training utterances, {len(asked)} held-out questions")
    for name, answer in setups.items():
        begun = time.perf_counter()
        found = score(asked, answer(given, texts))
        shares = "  ".join(f"{label} {share:.1%}" for label, share in sorted(found.items()))
        print(f"{name}: {shares}  ({time.perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
