"""Whom we write to, and who works for us: contacts, tasks, escalations, the team, the keys."""
