"""The secrets that the service makes for itself."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "secret",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("value", sa.String(100), nullable=False),
    )


def downgrade() -> None:
    """Drop the table, and with it every signature's key."""
    op.drop_table("secret")
