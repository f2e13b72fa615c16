"""The hands and the clock: whatever touches the outside, and whatever happens later.

Two processes.  The worker (``worker``) takes planned calls out of the outbox
(``feeder``) and makes them (``performing``, ``integrations``).  The clock
(``clock``) tells workers through RQ that there are calls (``relay``), and fires
timers (``timetable`` by way of rq-scheduler, ``sweep`` by way of SQL alone).
What travels through Redis are references (``queues``, ``jobs``): it may be
emptied, doubled or stopped at any time, and only time is lost.
"""
