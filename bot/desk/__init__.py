"""The hotline agent's desk: what is understood of a call, who may see it, and what is written about it."""
