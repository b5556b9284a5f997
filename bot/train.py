"""Trains the model when anything it is made from has changed."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator

from bot import logs
from bot.settings import ROOT

MODELS = ROOT / "models"
_MADE_FROM = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "bot/nlu/**/*.py",
    "bot/nlu/**/*.yml",
    "knowledge/programmes/*.yml",
    "knowledge/neighbours.yml",
    "knowledge/facts.yml",
    "knowledge/plain.py",
    "knowledge/spellings.yml",
    "requirements.lock",
)


def main() -> None:
    """Train even if the model is current."""
    model_path().unlink(missing_ok=True)
    print(current_model().relative_to(ROOT))


def current_model() -> Path:
    """The model of the files as they are now; trained first where it is missing (about half a minute)."""
    model = model_path()
    if not model.exists():
        _train(model)
    return model


def model_path() -> Path:
    return MODELS / f"{digest()}.tar.gz"


def digest() -> str:
    """Sixteen hexadecimal digits that change with any file the model is made from."""
    seen = hashlib.sha256()
    for path in _files():
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for pattern in _MADE_FROM:
        yield from sorted(ROOT.glob(pattern))


def _train(model: Path) -> None:
    os.environ.setdefault("RASA_MAX_CACHE_SIZE", "0")  # the digest above decides; a second cache would only cost disk
    from rasa.model_training import train

    logs.configure()
    print("正在训练理解模型（第一次，或资料有变动时）… Training", file=sys.stderr, flush=True)
    begun = time.monotonic()
    MODELS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODELS) as folder:  # a model is there whole or not at all
        trained = train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=folder,
            force_training=True,
            fixed_model_name=model.name,
        )
        if not trained.model:
            raise SystemExit("训练没有成功，原因见上。Training failed; see above.")
        os.replace(Path(folder) / model.name, model)
    for old in set(MODELS.glob("*.tar.gz")) - {model}:
        old.unlink(missing_ok=True)
    print(f"训练完成，用时 {time.monotonic() - begun:.0f} 秒。Trained.", file=sys.stderr, flush=True)
