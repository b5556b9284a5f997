"""Delete what was told."""

from actions.base import TurnAction


class ActionForget(TurnAction):
    """Delete what was told."""

    action_name = "action_forget"
