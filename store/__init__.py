"""What the assistant keeps: SQLAlchemy models and the few questions asked of them."""
