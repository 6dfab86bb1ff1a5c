"""Which deliveries are due, of whichever school: what the one who sends them looks for."""

from __future__ import annotations

from sqlalchemy import Connection, select

from service.storage.hooks.deliveries import WAITING, Delivery
from service.storage.schema import UtcNow, delivery


def find_due(connection: Connection, most: int) -> list[Delivery]:
    """Deliveries that are due now, the longest due first."""
    query = select(delivery).where(delivery.c.state == WAITING, delivery.c.due_at <= UtcNow())
    return [Delivery(*row) for row in connection.execute(query.order_by(delivery.c.due_at).limit(most))]
