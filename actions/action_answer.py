"""Answer a policy question with the clause it rests on."""

from actions.base import TurnAction


class ActionAnswer(TurnAction):
    """Answer a policy question with the clause it rests on."""

    action_name = "action_answer"
