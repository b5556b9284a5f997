"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "desk_attempt",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("desk_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_attempt_login"), ["login"], unique=False)

    op.create_table(
        "desk_audit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("desk_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_audit_who"), ["who"], unique=False)

    op.create_table(
        "desk_call",
        sa.Column("call", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("agent", sa.String(length=32), nullable=True),
        sa.Column("case", sa.String(length=8), nullable=True),
        sa.Column("started", sa.Float(), nullable=False),
        sa.Column("taken", sa.Float(), nullable=True),
        sa.Column("ended", sa.Float(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("view", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("call"),
        sa.UniqueConstraint("reference"),
    )
    with op.batch_alter_table("desk_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_call_agent"), ["agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_call_ended"), ["ended"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_call_sender"), ["sender"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_call_started"), ["started"], unique=False)

    op.create_table(
        "desk_case",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("household", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.Column("opened", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    with op.batch_alter_table("desk_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_case_expires"), ["expires"], unique=False)

    op.create_table(
        "desk_line",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("call", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("speaker", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("heard", sa.JSON(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("call", "reference"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("desk_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_line_call"), ["call"], unique=False)

    op.create_table(
        "desk_order",
        sa.Column("order", sa.String(length=24), nullable=False),
        sa.Column("call", sa.String(length=16), nullable=False),
        sa.Column("agent", sa.String(length=32), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("closed", sa.Float(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("order"),
        sa.UniqueConstraint("call"),
    )
    with op.batch_alter_table("desk_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_order_agent"), ["agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_desk_order_created"), ["created"], unique=False)

    op.create_table(
        "desk_outbox",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("order", sa.String(length=24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due", sa.Float(), nullable=False),
        sa.Column("leased_until", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Float(), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("desk_outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_outbox_due"), ["due"], unique=False)

    op.create_table(
        "desk_review",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("cites", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=True),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("desk_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_review_status"), ["status"], unique=False)

    op.create_table(
        "desk_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("started", sa.Float(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    with op.batch_alter_table("desk_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_session_login"), ["login"], unique=False)

    op.create_table(
        "desk_token",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("revoked", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "desk_unanswered",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("desk_unanswered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_unanswered_at"), ["at"], unique=False)

    op.create_table(
        "desk_user",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "wechat_message",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("received", sa.Float(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("wechat_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_message_person"), ["person"], unique=False)

    op.create_table(
        "wechat_person",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("leftover", sa.Text(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "wechat_signature",
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("signature"),
    )


def downgrade() -> None:

    op.drop_table("wechat_signature")
    op.drop_table("wechat_person")
    with op.batch_alter_table("wechat_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wechat_message_person"))

    op.drop_table("wechat_message")
    op.drop_table("desk_user")
    with op.batch_alter_table("desk_unanswered", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_unanswered_at"))

    op.drop_table("desk_unanswered")
    op.drop_table("desk_token")
    with op.batch_alter_table("desk_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_session_login"))

    op.drop_table("desk_session")
    with op.batch_alter_table("desk_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_review_status"))

    op.drop_table("desk_review")
    with op.batch_alter_table("desk_outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_outbox_due"))

    op.drop_table("desk_outbox")
    with op.batch_alter_table("desk_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_order_created"))
        batch_op.drop_index(batch_op.f("ix_desk_order_agent"))

    op.drop_table("desk_order")
    with op.batch_alter_table("desk_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_line_call"))

    op.drop_table("desk_line")
    with op.batch_alter_table("desk_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_case_expires"))

    op.drop_table("desk_case")
    with op.batch_alter_table("desk_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_call_started"))
        batch_op.drop_index(batch_op.f("ix_desk_call_sender"))
        batch_op.drop_index(batch_op.f("ix_desk_call_ended"))
        batch_op.drop_index(batch_op.f("ix_desk_call_agent"))

    op.drop_table("desk_call")
    with op.batch_alter_table("desk_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_audit_who"))
        batch_op.drop_index(batch_op.f("ix_desk_audit_at"))

    op.drop_table("desk_audit")
    with op.batch_alter_table("desk_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_attempt_login"))

    op.drop_table("desk_attempt")
