"""Notes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

big_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table; SQLite gives no id a second time."""
    op.create_table(
        "note",
        sa.Column("id", big_id, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.String(2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(50), nullable=False),
        sa.Column("priority", sa.SmallInteger, nullable=False),
        sa.Column("gif_id", sa.String(64)),
        sa.Column("gif_url", sa.String(500)),
        sa.Column("gif_title", sa.String(500)),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_note_created_at_id", "note", ["created_at", "id"])


def downgrade() -> None:
    """Drop the table, and all notes."""
    op.drop_table("note")
