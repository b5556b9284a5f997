"""orders opened again, the reason for it, and when an order's people were forgotten"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("desk_audit") as audit:
        audit.add_column(sa.Column("detail", sa.String(length=200), nullable=False, server_default=""))

    with op.batch_alter_table("desk_order") as order:
        order.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        order.add_column(sa.Column("reopened", sa.String(length=200), nullable=True))
        order.add_column(sa.Column("forgotten", sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("desk_order") as order:
        order.drop_column("forgotten")
        order.drop_column("reopened")
        order.drop_column("edition")

    with op.batch_alter_table("desk_audit") as audit:
        audit.drop_column("detail")
