"""Research: listed pages, facts with their sources, sentences and what they rest on."""

from alembic import op

from runtime.migrations.guard import guard

revision = "0013"
down_revision = "0012"

_PAGES = """
    CREATE TABLE web_pages (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        contact_id UUID,
        company TEXT,
        url TEXT NOT NULL,
        title TEXT,
        added_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        read_at TIMESTAMP WITH TIME ZONE,
        error_code TEXT,
        error_message TEXT,
        CONSTRAINT pk_web_pages PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_web_pages_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_web_pages_workspace_id_contact_id
            FOREIGN KEY (workspace_id, contact_id)
            REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_web_pages_workspace_id_contact_id_company_url
            UNIQUE NULLS NOT DISTINCT (workspace_id, contact_id, company, url)
    )
    """

_FACTS = """
    CREATE TABLE facts (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        contact_id UUID NOT NULL,
        source VARCHAR(24) NOT NULL,
        source_id UUID NOT NULL,
        url TEXT,
        statement TEXT NOT NULL,
        quote TEXT NOT NULL,
        digest TEXT NOT NULL,
        found_by TEXT NOT NULL,
        found_at TIMESTAMP WITH TIME ZONE NOT NULL,
        withdrawn_at TIMESTAMP WITH TIME ZONE,
        withdrawn_by TEXT,
        CONSTRAINT pk_facts PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_facts_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_facts_workspace_id_contact_id
            FOREIGN KEY (workspace_id, contact_id)
            REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_facts_workspace_id_contact_id_digest
            UNIQUE (workspace_id, contact_id, digest),
        CONSTRAINT ck_facts_factsource CHECK (source IN
            ('CONTACT', 'NOTE', 'MAIL', 'REPLY', 'OPPORTUNITY', 'COLLEAGUE', 'PAGE'))
    )
    """

_KINDS = ("WRITE", "SEND_EMAIL", "RECONCILE", "READ_REPLY", "READ_PAGE", "WORD_FINDING")

_MEMBER = """
    INSERT INTO agents (workspace_id, id, kind, name)
    SELECT id, gen_random_uuid(), 'RESEARCH', 'Research' FROM workspaces
    """


def upgrade() -> None:
    """Make the tables behind their walls, and give each workspace its research agent."""
    op.execute(_PAGES)
    op.execute("CREATE INDEX ix_web_pages_contact ON web_pages (workspace_id, contact_id)")
    op.execute("CREATE INDEX ix_web_pages_company ON web_pages (workspace_id, lower(company))")
    op.execute(_FACTS)
    guard("web_pages")
    guard("facts")
    op.execute("GRANT DELETE ON web_pages, facts TO rapport_app")
    op.execute("ALTER TABLE tasks ADD COLUMN research BOOLEAN")
    op.execute("ALTER TABLE drafts ADD COLUMN sentences JSONB")
    op.execute("ALTER TABLE recommendations ADD COLUMN wording TEXT, ADD COLUMN worded_by TEXT")
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    op.execute("ALTER TABLE outbox DROP CONSTRAINT ck_outbox_callkind")
    op.execute(f"ALTER TABLE outbox ADD CONSTRAINT ck_outbox_callkind CHECK (kind IN ({kinds}))")
    op.execute("ALTER TABLE outbox ALTER COLUMN task_id DROP NOT NULL")
    # All calls of a task, to count what it costs; under no task, those of a day.
    op.execute("CREATE INDEX ix_outbox_task ON outbox (workspace_id, task_id, created_at)")
    # Forced row-level security would show the owner no workspace: this would fill in nothing.
    for table in ("workspaces", "agents"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_MEMBER)
    for table in ("workspaces", "agents"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
