"""Hand over to a person."""

from actions.base import TurnAction


class ActionHandoff(TurnAction):
    """Hand over to a person."""

    action_name = "action_handoff"
