"""Say that the message was not understood and offer what is near."""

from actions.base import TurnAction


class ActionClarify(TurnAction):
    """Say that the message was not understood and offer what is near."""

    action_name = "action_clarify"
