"""Route a neighbouring matter to its own window, or say plainly that it is out of scope."""

from actions.base import TurnAction


class ActionDecline(TurnAction):
    """Route a neighbouring matter to its own window, or say plainly that it is out of scope."""

    action_name = "action_decline"
