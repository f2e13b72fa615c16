"""States: every name a row's life can have, once, the same in code, table, API and screen."""

from enum import StrEnum


class Role(StrEnum):
    """What a token may do: read, work, or administer."""

    VIEWER = "VIEWER"
    MEMBER = "MEMBER"
    OWNER = "OWNER"

    def may(self, needed: "Role") -> bool:
        """Tell whether this role includes the other's rights."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class TokenKind(StrEnum):
    """API tokens live until revoked, sessions until they expire, login codes for one use."""

    API = "API"
    SESSION = "SESSION"
    LOGIN_CODE = "LOGIN_CODE"


class AgentKind(StrEnum):
    """Who is on the team."""

    OUTREACH = "OUTREACH"
    FOLLOW_UP = "FOLLOW_UP"
    PLANNING = "PLANNING"
    RESEARCH = "RESEARCH"


class AgentStatus(StrEnum):
    """FAILED: crashed too often, waits for a person to resume it."""

    IDLE = "IDLE"
    WORKING = "WORKING"
    PAUSED = "PAUSED"
    FAILED = "FAILED"


class MessageStatus(StrEnum):
    """DEAD: tried too often; replayed or discarded by a person."""

    READY = "READY"
    DONE = "DONE"
    DEAD = "DEAD"
    DISCARDED = "DISCARDED"


class CallKind(StrEnum):
    """What an outbox entry asks of the outside.  RECONCILE: whether a mail has left.

    READ_PAGE: a page of the web, and what it says of somebody.  WORD_FINDING: a finding of the
    planning agent in better words.
    """

    WRITE = "WRITE"
    SEND_EMAIL = "SEND_EMAIL"
    RECONCILE = "RECONCILE"
    READ_REPLY = "READ_REPLY"
    READ_PAGE = "READ_PAGE"
    WORD_FINDING = "WORD_FINDING"


class CallStatus(StrEnum):
    """STARTED: a worker holds it under a lease.  VOID: no longer wanted, never performed."""

    PLANNED = "PLANNED"
    STARTED = "STARTED"
    DONE = "DONE"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    VOID = "VOID"


class TaskStatus(StrEnum):
    """COMPLETED: the first mail was accepted.  ESCALATED: follow-ups exhausted, no answer."""

    QUEUED = "QUEUED"
    WORKING = "WORKING"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    SENDING = "SENDING"
    BLOCKED = "BLOCKED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    ESCALATED = "ESCALATED"


class DraftStatus(StrEnum):
    """SUPERSEDED: a newer version took its place, or its task ended."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"


class ApprovalKind(StrEnum):
    """PERSON: of this draft.  STANDING: with the first mail's.  POLICY: by the agent's setting."""

    PERSON = "PERSON"
    STANDING = "STANDING"
    POLICY = "POLICY"


class DeliveryStatus(StrEnum):
    """What became of a mail; the first three and the last are known to us, the others reported."""

    BLOCKED = "BLOCKED"
    SENDING = "SENDING"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    DELAYED = "DELAYED"
    BOUNCED = "BOUNCED"
    COMPLAINED = "COMPLAINED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class FollowUpStatus(StrEnum):
    """One step's life, from its plan to its end."""

    SCHEDULED = "SCHEDULED"
    DRAFTING = "DRAFTING"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    SENDING = "SENDING"
    BLOCKED = "BLOCKED"
    SENT = "SENT"
    PAUSED = "PAUSED"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class EscalationKind(StrEnum):
    """Why a person is asked."""

    NO_ANSWER = "NO_ANSWER"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    AGENT_FAILED = "AGENT_FAILED"
    QUESTION = "QUESTION"


class ContactStatus(StrEnum):
    """Whether we may write to somebody, and if not, why."""

    ACTIVE = "ACTIVE"
    REPLIED = "REPLIED"
    UNSUBSCRIBED = "UNSUBSCRIBED"
    BOUNCED = "BOUNCED"
    COMPLAINED = "COMPLAINED"
    DO_NOT_CONTACT = "DO_NOT_CONTACT"


class Stage(StrEnum):
    """How far a deal has come, in its order; WON and LOST end it."""

    NEW = "NEW"
    CONTACTED = "CONTACTED"
    REPLIED = "REPLIED"
    MEETING = "MEETING"
    WON = "WON"
    LOST = "LOST"


class RecommendationStatus(StrEnum):
    """EXPIRED: its reason is gone, or is no longer what it was."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    DISMISSED = "DISMISSED"
    EXPIRED = "EXPIRED"


class InboundStatus(StrEnum):
    """SUGGESTED: perhaps a contact's, a person decides.  UNMATCHED: nobody knows whose it is."""

    ATTACHED = "ATTACHED"
    SUGGESTED = "SUGGESTED"
    UNMATCHED = "UNMATCHED"
    DISMISSED = "DISMISSED"


class ReplyKind(StrEnum):
    """What a mail of a contact's is; the first six are a person's words."""

    HUMAN = "human"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    QUESTION = "question"
    REFERRAL = "referral"
    NEUTRAL = "neutral"
    UNSUBSCRIBE = "unsubscribe"
    OUT_OF_OFFICE = "out_of_office"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"


class FactSource(StrEnum):
    """Where a fact was found: a column of ours, somebody's words, or a page of the web."""

    CONTACT = "CONTACT"
    NOTE = "NOTE"
    MAIL = "MAIL"
    REPLY = "REPLY"
    OPPORTUNITY = "OPPORTUNITY"
    COLLEAGUE = "COLLEAGUE"
    PAGE = "PAGE"


class MatchedBy(StrEnum):
    """How a mail was found to be about one of ours."""

    MESSAGE_ID = "MESSAGE_ID"
    REPLY_TOKEN = "REPLY_TOKEN"  # noqa: S105 - the name of a way, not a secret
    UNSUBSCRIBE_TOKEN = "UNSUBSCRIBE_TOKEN"  # noqa: S105 - as above
    SENDER = "SENDER"
    PERSON = "PERSON"


class Confidence(StrEnum):
    """HIGH: the contact's own address.  MEDIUM: another of theirs, it seems.  LOW: a guess."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class LawfulBasis(StrEnum):
    """Why somebody may be written to at all; the note to it is the contact's source."""

    CONSENT = "CONSENT"
    CONTRACT = "CONTRACT"
    LEGITIMATE_INTEREST = "LEGITIMATE_INTEREST"


class PushKind(StrEnum):
    """What a browser may be told of, the most pressing first."""

    FAILURES = "FAILURES"
    ESCALATIONS = "ESCALATIONS"
    REPLIES = "REPLIES"
    APPROVALS = "APPROVALS"


class NodeKind(StrEnum):
    """A process of the house."""

    API = "API"
    AGENTS = "AGENTS"
    WORKER = "WORKER"
    CLOCK = "CLOCK"


class QueueMode(StrEnum):
    """RQ, or LOCAL while Redis cannot be reached."""

    RQ = "RQ"
    LOCAL = "LOCAL"


OPEN_TASK = (
    TaskStatus.QUEUED,
    TaskStatus.WORKING,
    TaskStatus.AWAITING_APPROVAL,
    TaskStatus.SENDING,
    TaskStatus.BLOCKED,
)
"""Tasks whose first mail may still leave."""

OPEN_FOLLOW_UP = (
    FollowUpStatus.SCHEDULED,
    FollowUpStatus.DRAFTING,
    FollowUpStatus.AWAITING_APPROVAL,
    FollowUpStatus.SENDING,
    FollowUpStatus.BLOCKED,
    FollowUpStatus.PAUSED,
)
"""Steps that may still send something."""

CLOSED_STAGE = (Stage.WON, Stage.LOST)
"""Stages of a deal for which nothing more is sent."""

OPEN_CALL = (CallStatus.PLANNED, CallStatus.STARTED)
"""Outbox entries that somebody still has to see to."""

WORDS = (
    ReplyKind.HUMAN,
    ReplyKind.POSITIVE,
    ReplyKind.NEGATIVE,
    ReplyKind.QUESTION,
    ReplyKind.REFERRAL,
    ReplyKind.NEUTRAL,
)
"""Kinds of reply that are a person's words."""
