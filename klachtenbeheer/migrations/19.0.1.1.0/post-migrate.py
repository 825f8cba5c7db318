"""What data files say once (`noupdate`) and this version says differently: who may see what, and
what is true of a kind of event."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.tools import convert_file
from odoo.tools.misc import file_open

MODULE = "klachtenbeheer"
EVENT_FACTS = (
    "told_outside",
    "public_text",
    "promise_text",
    "counts_as_contact",
    "answers_orally",
    "takes_position",
    "about",
)


def migrate(cr, version):
    """Bring rights and catalogue of an existing database to this version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    renew_rights(env)
    fill_event_facts(env)
    mark_alerts(env)
    keep_register_numbers(cr)
    renew_mail(env)


def renew_rights(env):
    """Rules and groups as the files have them now; a stand-in has one policy, not all."""
    files = [name for name in Manifest.for_addon(MODULE)["data"] if is_security(name)]
    for name in files:
        convert_file(env, MODULE, name, {}, mode="init", noupdate=True)
    stand_in = env.ref(f"{MODULE}.group_stand_in")
    stand_in.implied_ids -= env.ref(f"{MODULE}.group_coordinator")
    drop_rules_not_in(env, files)
    env["klachtenbeheer.policy.role"]._sync_stand_ins()


def is_security(name):
    return name.startswith("security/") and name.endswith(".xml")


def drop_rules_not_in(env, files):
    """Rules that this version replaced: parts of a dossier follow it by one method."""
    kept = {
        record.get("id")
        for name in files
        for record in read(name).iterfind(".//record[@model='ir.rule']")
    }
    known = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", "ir.rule")])
    gone = known.filtered(lambda line: line.name not in kept)
    env["ir.rule"].browse(gone.mapped("res_id")).exists().unlink()


def fill_event_facts(env):
    """The new fields of the kinds of event that we ship; those of an organisation's own kinds
    are for its manager."""
    for record in read("data/event_type_data.xml").iterfind(".//record"):
        event_type = env.ref(f"{MODULE}.{record.get('id')}", raise_if_not_found=False)
        facts = {
            field.get("name"): env_value(field)
            for field in record.iterfind("field")
            if field.get("name") in EVENT_FACTS
        }
        if event_type and facts:
            event_type.write(facts)
    complaints = env["klachtenbeheer.complaint"].search([("is_closed", "!=", True)])
    env.add_to_compute(complaints._fields["progress_on"], complaints)
    complaints.flush_recordset(["progress_on"])


def env_value(field):
    """The value of a field as the file writes it: yes, or words."""
    return field.get("eval") == "True" if field.get("eval") else (field.text or "").strip()


def mark_alerts(env):
    """Alerts are found by a code now; the words of those that are open tell which they are."""
    alert_type = env.ref(f"{MODULE}.activity_type_alert", raise_if_not_found=False)
    open_alerts = env["mail.activity"].search(
        [
            ("activity_type_id", "=", alert_type.id if alert_type else 0),
            ("res_model", "=", "klachtenbeheer.complaint"),
        ]
    )
    asked = env["klachtenbeheer.complaint"].browse(open_alerts.mapped("res_id")).exists()
    undecided = asked.filtered(lambda complaint: not complaint.triage_done)
    open_alerts.filtered(lambda line: line.res_id in undecided.ids).complaint_alert = "triage"


def keep_register_numbers(cr):
    """References used to end in the running number of the register, which is a field now."""
    for number, reference in (
        ("register_number", "name"),
        ("formal_register_number", "formal_number"),
    ):
        cr.execute(  # names of columns, no values  # pylint: disable=sql-injection
            f"""
            UPDATE klachtenbeheer_complaint
               SET {number} = substring({reference} FROM '([0-9]+)$')::int
             WHERE {number} IS NULL AND {reference} ~ '-[0-9]{{1,9}}$'
            """
        )


def renew_mail(env):
    """What waits in the queue goes by the road of our mails; pictures of others stay away from
    messages that came in before."""
    env.cr.execute(
        """
        UPDATE mail_mail mail
           SET is_complaint_mail = TRUE
          FROM mail_message message
         WHERE message.id = mail.mail_message_id
           AND mail.state = 'outgoing'
           AND message.model LIKE 'klachtenbeheer.%'
        """
    )
    env["mail.message"]._block_stored_remote_content()


def read(name):
    with file_open(f"{MODULE}/{name}", "rb") as file:
        return etree.parse(file)
