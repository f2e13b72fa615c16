"""Journeys: whole stories, told as a user would."""
