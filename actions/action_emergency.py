"""Danger to life or a child: the number first."""

from actions.base import TurnAction


class ActionEmergency(TurnAction):
    """Danger to life or a child: the number first."""

    action_name = "action_emergency"
