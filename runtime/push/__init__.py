"""Push: nudges into people's browsers.  The rows say what happened, a nudge only that it did.

``rounds`` decides what is still to be told and to whom, ``kinds`` of which kind an event is
and whether it still waits, ``words`` what a notification says; ``runtime.desk.nudges`` keeps
who wants to be told of what.  The scheduler calls the push services; docs/decisions/0036.
"""
