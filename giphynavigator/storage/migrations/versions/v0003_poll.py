"""Polls: questions, choices and votes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

big_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; what the tutorial's have not, has a default."""
    op.create_table(
        "question",
        sa.Column("id", big_id, primary_key=True),
        sa.Column("question_text", sa.String(200), nullable=False),
        sa.Column("pub_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("closes_at", sa.DateTime(timezone=True)),
        sa.Column("results", sa.String(20), nullable=False, server_default="always"),
        sa.Column("owner", sa.String(50), nullable=False, server_default=""),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_question_pub_date_id", "question", ["pub_date", "id"])
    op.create_table(
        "choice",
        sa.Column("id", big_id, primary_key=True),
        sa.Column(
            "question_id",
            big_id,
            sa.ForeignKey("question.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("choice_text", sa.String(200), nullable=False),
        sa.Column("votes", sa.Integer, nullable=False, server_default="0"),
        sa.Column("gif_id", sa.String(64)),
        sa.Column("gif_url", sa.String(500)),
        sa.Column("gif_title", sa.String(500)),
        sa.UniqueConstraint("question_id", "id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "vote",
        sa.Column("question_id", sa.BigInteger, primary_key=True),
        sa.Column("voter", sa.String(50), primary_key=True),
        sa.Column("choice_id", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id", "choice_id"],
            ["choice.question_id", "choice.id"],
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop the tables, and all polls."""
    op.drop_table("vote")
    op.drop_table("choice")
    op.drop_table("question")
