"""The ledger is append-only: the database itself refuses to change or remove an entry."""

from django.db import migrations

FORBID = """
CREATE FUNCTION campaigns_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: entry % can''t be changed or removed. Add an entry that corrects it.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER campaigns_ledger_is_append_only BEFORE UPDATE OR DELETE ON campaigns_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION campaigns_ledger_is_append_only();
"""
ALLOW = """
DROP TRIGGER campaigns_ledger_is_append_only ON campaigns_ledgerentry;
DROP FUNCTION campaigns_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
