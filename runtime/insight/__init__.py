"""Insight: what came of the mail, in numbers that each open their rows.

``span`` says which mails are looked at, ``metrics`` what is counted of them and by which
definition, ``counting`` counts, ``rates`` judges, ``report`` puts all of it together.  What
is counted and what is listed are one condition, so that a number is its rows.
"""
