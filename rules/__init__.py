"""The shared rules module: pure judgement over a household, with no Rasa, no network and no clock."""

from rules.household import Household, HouseholdError
from rules.screen import screen

__all__ = ["Household", "HouseholdError", "screen"]
