"""What Alembic runs to take the steps: on the connection that it was handed."""

from alembic import context

from giphynavigator.storage.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
