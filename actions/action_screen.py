"""Go on with the family's screening: tell back, judge, ask the one question that settles most."""

from actions.base import TurnAction


class ActionScreen(TurnAction):
    """Go on with the family's screening: tell back, judge, ask the one question that settles most."""

    action_name = "action_screen"
