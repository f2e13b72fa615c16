"""Simulator: a whole world around the product, on a virtual clock, decided by one seed.

Real rows in a real PostgreSQL, the product's own turns, worker and clock; around them a
provider, a writer, people and readers that do what such do, and a machine room where
everything dies, comes late and comes twice.  After each step, and at the end, the
product's promises are looked at with other eyes than its own.

Read ``world`` for how a run goes, ``weather`` for what goes wrong, ``people`` and
``readers`` for who lives here, ``ledger`` for what is known for certain, and
``invariants`` for the promises.  ``make simulate SEED=7`` plays a run again.
"""
