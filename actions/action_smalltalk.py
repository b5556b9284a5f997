"""Greet, thank, and show what can be asked."""

from actions.base import TurnAction


class ActionSmalltalk(TurnAction):
    """Greet, thank, and show what can be asked."""

    action_name = "action_smalltalk"
