"""Pictures: each page of the dashboard on a working day, for the documentation."""
