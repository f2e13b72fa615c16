"""The ground floor: all first tables, and the walls between workspaces."""

from pathlib import Path

from alembic import op

from runtime.migrations.guard import guard, route

revision = "0001"
down_revision = None

_RIGHTS = {
    "workspaces": "SELECT, INSERT, UPDATE",
    "access_tokens": "SELECT, INSERT, UPDATE, DELETE",
    "agents": "SELECT, INSERT, UPDATE",
    "messages": "SELECT, INSERT, UPDATE",
    "outbox": "SELECT, INSERT, UPDATE",
    "timers": "SELECT, INSERT, UPDATE, DELETE",
    "events": "SELECT, INSERT",
    "event_counters": "SELECT, INSERT, UPDATE",
    "contacts": "SELECT, INSERT, UPDATE",
    "suppressions": "SELECT, INSERT, UPDATE, DELETE",
    "replies": "SELECT, INSERT",
    "tasks": "SELECT, INSERT, UPDATE",
    "drafts": "SELECT, INSERT, UPDATE",
    "approvals": "SELECT, INSERT, UPDATE",
    "agent_outreach_sent": "SELECT, INSERT, UPDATE",
    "agent_followup_schedule": "SELECT, INSERT, UPDATE",
    "escalations": "SELECT, INSERT, UPDATE",
    "idempotency_keys": "SELECT, INSERT, DELETE",
}

# Where work waits and whose key fits, never what it is about.
_ROUTES = {
    "workspaces": ("id", "name"),
    "access_tokens": (
        *("workspace_id", "id", "kind", "role", "name", "digest"),
        *("expires_at", "used_at", "revoked_at"),
    ),
    "agents": ("workspace_id", "id", "kind", "status", "resume_at"),
    "messages": ("workspace_id", "id", "recipient_id", "status", "priority", "available_at"),
    "outbox": (
        *("workspace_id", "id", "status", "priority", "available_at"),
        *("lease_until", "created_at"),
    ),
    "timers": ("workspace_id", "id", "due_at"),
}

_LOG_AGENT_ACTIVITY = """
    CREATE FUNCTION log_agent_activity(type text, summary text, data jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        mine uuid := nullif(current_setting('app.workspace', true), '')::uuid;
        number bigint;
    BEGIN
        IF mine IS NULL THEN
            RAISE EXCEPTION 'log_agent_activity: set app.workspace to a workspace first'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF type IS NULL OR type !~ '^[a-z_]+\\.[a-z_]+$' THEN
            RAISE EXCEPTION 'log_agent_activity: type must look like task.assigned'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF summary IS NULL OR btrim(summary) = '' THEN
            RAISE EXCEPTION 'log_agent_activity: summary must not be empty'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        UPDATE public.event_counters SET last = last + 1
            WHERE workspace_id = mine RETURNING last INTO number;
        IF number IS NULL THEN
            RAISE EXCEPTION 'log_agent_activity: there is no workspace %', mine
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        INSERT INTO public.events (workspace_id, seq, type, at, actor, summary, data)
            VALUES (mine, number, type, clock_timestamp(), 'outside', summary,
                    coalesce(data, '{}'));
        RETURN number;
    END $$
    """


def upgrade() -> None:
    """Make the tables, then close every one of them."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements)
    for table, rights in _RIGHTS.items():
        guard(table, key="id" if table == "workspaces" else "workspace_id", rights=rights)
    for table, columns in _ROUTES.items():
        route(table, columns)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON nodes TO rapport_app")
    op.execute("GRANT SELECT ON alembic_version TO rapport_app")
    op.execute(_LOG_AGENT_ACTIVITY)
    op.execute("REVOKE ALL ON FUNCTION log_agent_activity(text, text, jsonb) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION log_agent_activity(text, text, jsonb) TO rapport_app")
