"""Turns in which the resident tells a local figure: it is used from now on, and said to be theirs."""

from __future__ import annotations

from typing import Optional

from actions import figures, screened, telling
from actions.reply import Reply
from actions.talk import Talk


def told(talk: Talk) -> Optional[Reply]:
    """The family judged by a figure the message tells; None where it tells none."""
    text = talk.reading.text
    found = figures.told_figures(text)
    vaguer = {} if found else figures.told_figures(text, asked_for=True)
    found = vaguer if vaguer and _lacks_the_standard(talk) else found
    if not found:
        return None
    talk.state.parameters = {**talk.state.parameters, **found}
    talk.state.screening = True
    if talk.state.focus and "dibao" not in talk.state.focus:
        talk.state.focus = [*talk.state.focus, "dibao"]
    elif not talk.state.focus and not talk.state.household:
        talk.state.focus = ["dibao"]
    if talk.reading.told:
        telling.taken_in(talk)
    talk.state.finished = False
    return screened.screened(talk, [], (figures.figure_words(found),))


def _lacks_the_standard(talk: Talk) -> bool:
    """Whether the resident was just told that the local dibao standard is missing."""
    if not talk.state.household or talk.state.pending == "annual_income":
        return False
    return any("parameters.dibao_standard" in result["missing"] for result in talk.assess().results)
