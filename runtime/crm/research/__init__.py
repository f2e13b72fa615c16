"""Research: what is known of a contact, where it was found, and what may still be looked up."""
