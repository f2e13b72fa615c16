"""All that decides whether a mail may leave: drafts, approvals, follow-ups, gate."""
