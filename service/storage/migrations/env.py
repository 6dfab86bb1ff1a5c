"""Runs the steps on the connection that `migrate.py` gives, within its transaction."""

from __future__ import annotations

from alembic import context

from service.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
