"""The door: GraphQL over HTTP, WebSocket and server-sent events.

Read ``app`` (what listens), ``view`` (how a request becomes an operation), ``schema``
(what may be asked), ``context`` (who asks); then ``queries``, ``mutations`` and
``subscriptions``, which translate and nothing more: what happens is the runtime's.
"""
