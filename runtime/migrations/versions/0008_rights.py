"""People's rights: erased contacts, addresses known by their digest, and what may be scrubbed.

Events are never changed by the application.  The one exception is a function that takes the
words out of what happened to an erased contact, and can do nothing else.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

_BASES = ("CONSENT", "CONTRACT", "LEGITIMATE_INTEREST")

# Of an event's data there stay the names of rows, counts, and words of our own closed lists.
_SCRUB_EVENTS = r"""
    CREATE FUNCTION scrub_events(erased uuid, addresses text[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        mine uuid := nullif(current_setting('app.workspace', true), '')::uuid;
        scrubbed bigint;
    BEGIN
        PERFORM FROM public.contacts
            WHERE workspace_id = mine AND id = erased AND erased_at IS NOT NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'scrub_events: there is no erased contact %', erased
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        UPDATE public.events AS e SET
            summary = '[erased]',
            data = coalesce((
                SELECT jsonb_object_agg(key, value) FROM jsonb_each(e.data)
                WHERE (key LIKE '%\_id' AND value::text ~ '^"[0-9a-f-]{36}"$')
                   OR (key IN ('step', 'version', 'status', 'kind', 'rule', 'transport', 'code',
                               'way', 'settings_version')
                       AND value::text ~ '^("[A-Za-z_]+"|[0-9]+)$' AND e.contact_id = erased)
            ), '{}')
        WHERE e.workspace_id = mine AND (
            e.contact_id = erased
            OR e.task_id IN (
                SELECT id FROM public.tasks WHERE workspace_id = mine AND contact_id = erased)
            OR EXISTS (
                SELECT FROM unnest(addresses) AS address
                WHERE address LIKE '_%@_%' AND e.summary || ' ' || e.data::text ~* (
                    '(^|[^a-z0-9._%+-]|\\[nrtbf])'
                    || regexp_replace(address, '([^a-zA-Z0-9])', '\\\1', 'g')
                    || '($|[^a-z0-9.-]|\.($|[^a-z0-9]))')));
        GET DIAGNOSTICS scrubbed = ROW_COUNT;
        RETURN scrubbed;
    END $$
    """


def upgrade() -> None:
    """Let a contact be erased and stay suppressed; close the list of lawful bases."""
    op.execute("ALTER TABLE contacts ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE")
    op.execute(
        "ALTER TABLE contacts ALTER COLUMN lawful_basis TYPE VARCHAR(24), ADD CONSTRAINT"
        f" ck_contacts_lawfulbasis CHECK (lawful_basis IN {_BASES})"
    )
    op.execute("ALTER TABLE suppressions ALTER COLUMN email DROP NOT NULL, ADD COLUMN digest TEXT")
    op.execute(
        "ALTER TABLE suppressions ADD CONSTRAINT uq_suppressions_workspace_id_digest"
        " UNIQUE (workspace_id, digest), ADD CONSTRAINT ck_suppressions_known_by_one"
        " CHECK (num_nonnulls(email, digest) = 1)"
    )
    op.execute("GRANT UPDATE (text) ON replies TO rapport_app")
    op.execute("GRANT UPDATE (body) ON delivery_reports TO rapport_app")
    op.execute(_SCRUB_EVENTS)
    op.execute("REVOKE ALL ON FUNCTION scrub_events(uuid, text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION scrub_events(uuid, text[]) TO rapport_app")
