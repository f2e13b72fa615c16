"""Senders: the addresses that a workspace writes from, and how much each has sent lately."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, of_workspace


class Sender(Tenant, Base):
    """One address that real mail goes out from.  Its row is the lock of the caps.

    ``days``: mails by local day of the workspace, of the last month.  ``busy_until``: the end
    of the time that the mails let out so far take up, at so many seconds a mail.
    """

    __tablename__ = "senders"
    __table_args__ = (of_workspace(), {"info": {TENANT: "workspace_id"}})

    address: Mapped[str] = mapped_column(primary_key=True)
    days: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    busy_until: Mapped[datetime | None]
