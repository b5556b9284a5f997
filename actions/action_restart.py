"""Start over. Rasa sends the intent `restart` to the action of this name, over any rule."""

from actions.base import TurnAction


class ActionRestart(TurnAction):
    """Start over: the same turn as any, which forgets the family and keeps the place."""

    action_name = "action_restart"
