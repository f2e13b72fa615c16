-- The tables as they were born.  Row-level security, grants and functions: 0001_ground.py.

CREATE TABLE workspaces (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    timezone TEXT DEFAULT 'UTC' NOT NULL,
    sending_stopped BOOLEAN DEFAULT 'false' NOT NULL,
    sending_stopped_reason TEXT,
    settings JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_workspaces PRIMARY KEY (id),
    CONSTRAINT uq_workspaces_name UNIQUE (name)
);

CREATE TABLE nodes (
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    queue VARCHAR(24),
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_nodes PRIMARY KEY (id),
    CONSTRAINT ck_nodes_nodekind CHECK (kind IN ('API', 'AGENTS', 'WORKER', 'CLOCK')),
    CONSTRAINT ck_nodes_queuemode CHECK (queue IN ('RQ', 'LOCAL'))
);

CREATE TABLE access_tokens (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    role VARCHAR(24) NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_access_tokens PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_access_tokens_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT uq_access_tokens_digest UNIQUE (digest),
    CONSTRAINT ck_access_tokens_tokenkind CHECK (kind IN ('API', 'SESSION', 'LOGIN_CODE')),
    CONSTRAINT ck_access_tokens_role CHECK (role IN ('VIEWER', 'MEMBER', 'OWNER'))
);

CREATE TABLE agents (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    name TEXT NOT NULL,
    status VARCHAR(24) DEFAULT 'IDLE' NOT NULL,
    settings JSONB DEFAULT '{}' NOT NULL,
    settings_version INTEGER DEFAULT '1' NOT NULL,
    version INTEGER DEFAULT '0' NOT NULL,
    unfinished_batch BIGINT,
    crash_count INTEGER DEFAULT '0' NOT NULL,
    resume_at TIMESTAMP WITH TIME ZONE,
    last_active_at TIMESTAMP WITH TIME ZONE,
    recent_turn_ms FLOAT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_agents PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_agents_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT uq_agents_workspace_id_kind UNIQUE (workspace_id, kind),
    CONSTRAINT ck_agents_agentkind CHECK (kind IN ('OUTREACH', 'FOLLOW_UP', 'PLANNING', 'RESEARCH')),
    CONSTRAINT ck_agents_agentstatus CHECK (status IN ('IDLE', 'WORKING', 'PAUSED', 'FAILED'))
);

CREATE TABLE contacts (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    company TEXT,
    title TEXT,
    timezone TEXT,
    notes TEXT,
    status VARCHAR(24) DEFAULT 'ACTIVE' NOT NULL,
    replied_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_contacts PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_contacts_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT uq_contacts_workspace_id_email UNIQUE (workspace_id, email),
    CONSTRAINT ck_contacts_contactstatus CHECK (status IN ('ACTIVE', 'REPLIED', 'UNSUBSCRIBED', 'BOUNCED', 'COMPLAINED', 'DO_NOT_CONTACT'))
);

CREATE TABLE event_counters (
    workspace_id UUID NOT NULL,
    last BIGINT DEFAULT '0' NOT NULL,
    pruned_to BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_event_counters PRIMARY KEY (workspace_id),
    CONSTRAINT fk_event_counters_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
);

CREATE TABLE events (
    workspace_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    type TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    actor TEXT NOT NULL,
    summary TEXT NOT NULL,
    data JSONB DEFAULT '{}' NOT NULL,
    task_id UUID,
    agent_id UUID,
    contact_id UUID,
    CONSTRAINT pk_events PRIMARY KEY (workspace_id, seq),
    CONSTRAINT fk_events_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
);

CREATE INDEX ix_events_at ON events (workspace_id, at);

CREATE INDEX ix_events_contact ON events (workspace_id, contact_id, seq);

CREATE INDEX ix_events_task ON events (workspace_id, task_id, seq);

CREATE TABLE idempotency_keys (
    workspace_id UUID NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    result JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (workspace_id, operation, key),
    CONSTRAINT fk_idempotency_keys_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
);

CREATE INDEX ix_idempotency_keys_age ON idempotency_keys (workspace_id, created_at);

CREATE TABLE suppressions (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    email TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_suppressions PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_suppressions_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT uq_suppressions_workspace_id_email UNIQUE (workspace_id, email)
);

CREATE TABLE tasks (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    agent_id UUID NOT NULL,
    contact_id UUID,
    instruction TEXT NOT NULL,
    status VARCHAR(24) NOT NULL,
    priority SMALLINT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    error_code TEXT,
    error_message TEXT,
    retry_at TIMESTAMP WITH TIME ZONE,
    correlation_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tasks PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_tasks_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_tasks_workspace_id_agent_id FOREIGN KEY(workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_tasks_workspace_id_contact_id FOREIGN KEY(workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_tasks_taskstatus CHECK (status IN ('QUEUED', 'WORKING', 'AWAITING_APPROVAL', 'SENDING', 'BLOCKED', 'COMPLETED', 'FAILED', 'CANCELLED', 'ESCALATED'))
);

CREATE INDEX ix_tasks_agent ON tasks (workspace_id, agent_id, id);

CREATE INDEX ix_tasks_contact ON tasks (workspace_id, contact_id, id);

CREATE INDEX ix_tasks_status ON tasks (workspace_id, status, id);

CREATE TABLE agent_followup_schedule (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    task_id UUID NOT NULL,
    contact_id UUID NOT NULL,
    step INTEGER NOT NULL,
    max_steps INTEGER NOT NULL,
    status VARCHAR(24) NOT NULL,
    reason TEXT,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    timezone TEXT NOT NULL,
    executed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_agent_followup_schedule PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_agent_followup_schedule_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_agent_followup_schedule_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agent_followup_schedule_workspace_id_contact_id FOREIGN KEY(workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_agent_followup_schedule_workspace_id_task_id_step UNIQUE (workspace_id, task_id, step),
    CONSTRAINT ck_agent_followup_schedule_followupstatus CHECK (status IN ('SCHEDULED', 'DRAFTING', 'AWAITING_APPROVAL', 'SENDING', 'BLOCKED', 'SENT', 'PAUSED', 'SKIPPED', 'CANCELLED', 'FAILED', 'UNKNOWN'))
);

CREATE INDEX ix_followups_contact ON agent_followup_schedule (workspace_id, contact_id);

CREATE INDEX ix_followups_status ON agent_followup_schedule (workspace_id, status, due_at);

CREATE TABLE messages (
    workspace_id UUID NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    type TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_id UUID,
    body JSONB NOT NULL,
    status VARCHAR(24) DEFAULT 'READY' NOT NULL,
    priority SMALLINT NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    error TEXT,
    task_id UUID,
    correlation_id UUID NOT NULL,
    causation_id BIGINT,
    dedup_key TEXT,
    available_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    handled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_messages PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_messages_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_messages_workspace_id_recipient_id FOREIGN KEY(workspace_id, recipient_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_messages_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_messages_workspace_id_dedup_key UNIQUE (workspace_id, dedup_key),
    CONSTRAINT ck_messages_messagestatus CHECK (status IN ('READY', 'DONE', 'DEAD', 'DISCARDED'))
);

CREATE INDEX ix_messages_dead ON messages (workspace_id, recipient_id) WHERE status = 'DEAD';

CREATE INDEX ix_messages_due ON messages (available_at) WHERE status = 'READY';

CREATE INDEX ix_messages_ready ON messages (workspace_id, recipient_id, priority, id) WHERE status = 'READY';

CREATE INDEX ix_messages_task ON messages (workspace_id, task_id, id);

CREATE INDEX ix_messages_thread ON messages (workspace_id, correlation_id, id);

CREATE INDEX ix_messages_tried ON messages (workspace_id, recipient_id, sender, task_id) WHERE status = 'READY' AND attempts > 0;

CREATE TABLE outbox (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    agent VARCHAR(24) NOT NULL,
    status VARCHAR(24) DEFAULT 'PLANNED' NOT NULL,
    priority SMALLINT NOT NULL,
    body JSONB NOT NULL,
    task_id UUID NOT NULL,
    follow_up_id UUID,
    draft_id UUID,
    attempts INTEGER DEFAULT '0' NOT NULL,
    max_attempts INTEGER DEFAULT '6' NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fence INTEGER DEFAULT '0' NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    first_started_at TIMESTAMP WITH TIME ZONE,
    in_doubt BOOLEAN DEFAULT 'false' NOT NULL,
    idempotency_key TEXT,
    error_code TEXT,
    error_message TEXT,
    correlation_id UUID NOT NULL,
    causation_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbox PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_outbox_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_outbox_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_outbox_callkind CHECK (kind IN ('WRITE', 'SEND_EMAIL')),
    CONSTRAINT ck_outbox_agentkind CHECK (agent IN ('OUTREACH', 'FOLLOW_UP', 'PLANNING', 'RESEARCH')),
    CONSTRAINT ck_outbox_callstatus CHECK (status IN ('PLANNED', 'STARTED', 'DONE', 'FAILED', 'UNKNOWN', 'VOID'))
);

CREATE INDEX ix_outbox_due ON outbox (priority, available_at) WHERE status = 'PLANNED';

CREATE INDEX ix_outbox_leases ON outbox (lease_until) WHERE status = 'STARTED';

CREATE INDEX ix_outbox_open ON outbox (workspace_id, task_id) WHERE status IN ('PLANNED', 'STARTED');

CREATE TABLE timers (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    agent_id UUID NOT NULL,
    name TEXT NOT NULL,
    generation INTEGER DEFAULT '1' NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    type TEXT NOT NULL,
    body JSONB NOT NULL,
    task_id UUID,
    priority SMALLINT NOT NULL,
    correlation_id UUID NOT NULL,
    CONSTRAINT pk_timers PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_timers_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_timers_workspace_id_agent_id FOREIGN KEY(workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_timers_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_timers_workspace_id_agent_id_name UNIQUE (workspace_id, agent_id, name)
);

CREATE INDEX ix_timers_due ON timers (due_at);

CREATE TABLE drafts (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    task_id UUID NOT NULL,
    follow_up_id UUID,
    to_address TEXT NOT NULL,
    version INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    status VARCHAR(24) NOT NULL,
    fingerprint TEXT NOT NULL,
    writer TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    reason TEXT,
    CONSTRAINT pk_drafts PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_drafts_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_drafts_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_drafts_workspace_id_follow_up_id FOREIGN KEY(workspace_id, follow_up_id) REFERENCES agent_followup_schedule (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_drafts_workspace_id_task_id_follow_up_id_version UNIQUE NULLS NOT DISTINCT (workspace_id, task_id, follow_up_id, version),
    CONSTRAINT ck_drafts_draftstatus CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED', 'SUPERSEDED'))
);

CREATE INDEX ix_drafts_status ON drafts (workspace_id, status, id);

CREATE TABLE agent_outreach_sent (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    task_id UUID NOT NULL,
    follow_up_id UUID,
    contact_id UUID NOT NULL,
    draft_id UUID NOT NULL,
    to_address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    status VARCHAR(24) NOT NULL,
    transport TEXT NOT NULL,
    provider_message_id TEXT,
    idempotency_key TEXT NOT NULL,
    receipt JSONB DEFAULT '[]' NOT NULL,
    envelope JSONB,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_agent_outreach_sent PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_agent_outreach_sent_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_agent_outreach_sent_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agent_outreach_sent_workspace_id_follow_up_id FOREIGN KEY(workspace_id, follow_up_id) REFERENCES agent_followup_schedule (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agent_outreach_sent_workspace_id_contact_id FOREIGN KEY(workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_agent_outreach_sent_workspace_id_draft_id FOREIGN KEY(workspace_id, draft_id) REFERENCES drafts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_agent_outreach_sent_workspace_id_draft_id UNIQUE (workspace_id, draft_id),
    CONSTRAINT uq_agent_outreach_sent_workspace_id_idempotency_key UNIQUE (workspace_id, idempotency_key),
    CONSTRAINT ck_agent_outreach_sent_deliverystatus CHECK (status IN ('BLOCKED', 'SENDING', 'SENT', 'DELIVERED', 'DELAYED', 'BOUNCED', 'COMPLAINED', 'FAILED', 'UNKNOWN'))
);

CREATE INDEX ix_sent_contact ON agent_outreach_sent (workspace_id, contact_id, sent_at);

CREATE INDEX ix_sent_provider_id ON agent_outreach_sent (provider_message_id) WHERE provider_message_id IS NOT NULL;

CREATE INDEX ix_sent_status ON agent_outreach_sent (workspace_id, status, id);

CREATE INDEX ix_sent_task ON agent_outreach_sent (workspace_id, task_id);

CREATE TABLE approvals (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    draft_id UUID NOT NULL,
    task_id UUID NOT NULL,
    fingerprint TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    settings_version INTEGER NOT NULL,
    voided_at TIMESTAMP WITH TIME ZONE,
    voided_reason TEXT,
    CONSTRAINT pk_approvals PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_approvals_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_approvals_workspace_id_draft_id FOREIGN KEY(workspace_id, draft_id) REFERENCES drafts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_approvals_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_approvals_approvalkind CHECK (kind IN ('PERSON', 'STANDING', 'POLICY'))
);

CREATE INDEX ix_approvals_task ON approvals (workspace_id, task_id);

CREATE UNIQUE INDEX uq_approvals_in_force ON approvals (workspace_id, draft_id) WHERE voided_at IS NULL;

CREATE TABLE escalations (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    kind VARCHAR(24) NOT NULL,
    reason TEXT NOT NULL,
    dedup_key TEXT NOT NULL,
    task_id UUID,
    contact_id UUID,
    sent_email_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    resolution TEXT,
    resolved_by TEXT,
    CONSTRAINT pk_escalations PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_escalations_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_escalations_workspace_id_task_id FOREIGN KEY(workspace_id, task_id) REFERENCES tasks (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_escalations_workspace_id_contact_id FOREIGN KEY(workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_escalations_workspace_id_sent_email_id FOREIGN KEY(workspace_id, sent_email_id) REFERENCES agent_outreach_sent (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_escalations_workspace_id_dedup_key UNIQUE (workspace_id, dedup_key),
    CONSTRAINT ck_escalations_escalationkind CHECK (kind IN ('NO_ANSWER', 'OUTCOME_UNKNOWN', 'AGENT_FAILED', 'QUESTION'))
);

CREATE INDEX ix_escalations_open ON escalations (workspace_id, id) WHERE resolved_at IS NULL;

CREATE INDEX ix_escalations_task ON escalations (workspace_id, task_id);

CREATE TABLE replies (
    workspace_id UUID NOT NULL,
    id UUID NOT NULL,
    contact_id UUID NOT NULL,
    sent_email_id UUID,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_replies PRIMARY KEY (workspace_id, id),
    CONSTRAINT fk_replies_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE,
    CONSTRAINT fk_replies_workspace_id_contact_id FOREIGN KEY(workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_replies_workspace_id_sent_email_id FOREIGN KEY(workspace_id, sent_email_id) REFERENCES agent_outreach_sent (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX ix_replies_contact ON replies (workspace_id, contact_id, received_at);
