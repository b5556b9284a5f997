"""How Alembic runs a step: on the connection that `store.migrate` hands over."""

from alembic import context

from store.base import Base
from store.migrate import ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=ours,
    compare_type=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
