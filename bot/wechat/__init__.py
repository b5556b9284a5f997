"""A WeChat official account: who may speak (gate), what was said (hearing), what is shown (writing), what follows."""
