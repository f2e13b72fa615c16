"""Basis: whether it is on record why its reader may be written to at all."""

from collections.abc import Iterator

from runtime.crm import contacts, workspaces
from runtime.db import Transaction
from runtime.mail.gate.check import Check
from runtime.models import Contact


def lawful(tx: Transaction, contact: Contact) -> Iterator[Check]:
    """Refuse a reader without a lawful basis, where the workspace requires one."""
    if contacts.lacks_basis(tx, contact):
        yield Check("lawful_basis", False, "It is not on record why the contact may be written to.")
    elif contact.lawful_basis and workspaces.settings(tx).require_lawful_basis:
        basis = contact.lawful_basis.value.lower().replace("_", " ")
        yield Check("lawful_basis", True, f"The contact may be written to by {basis}.")
