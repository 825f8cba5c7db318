"""What may be recorded by hand, what ends the handling, and how a conversation ended, for what
was there before these were fields."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools.misc import file_open

MODULE = "klachtenbeheer"
# Events after which a complaint was always closed without more.
ENDINGS = {
    "resolved_informally",
    "remedied",
    "settled",
    "withdrawn",
    "out_of_scope",
    "lapsed",
    "external_admitted",
    "referred",
}
# Events on the road of who does not agree, which many complaints never take.
SIDE_ROAD = {"objected", "hearing_offered", "hearing_held", "hearing_waived", "final_decided"}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    say_what_records(env)
    mark_stages(env)
    conclude_conversations(cr)
    env.invalidate_all()


def say_what_records(env):
    """Kinds that we ship as the file has them; of those of an organisation it was on record
    whether they are recorded by hand."""
    with file_open(f"{MODULE}/data/event_type_data.xml", "rb") as file:
        records = list(etree.parse(file).iterfind(".//record"))
    shipped = {}
    for record in records:
        [code] = [field.text for field in record.iterfind("field[@name='code']")]
        by = [field.text for field in record.iterfind("field[@name='recorded_by']")]
        shipped[code] = by[0] if by else "hand"
    for event_type in env["klachtenbeheer.event.type"].search([]):
        own = "hand" if event_type.manual else "letter"
        event_type.recorded_by = shipped.get(event_type.code, own)


def mark_stages(env):
    """Policies that run keep closing what was withdrawn or not objected to."""
    stages = env["klachtenbeheer.stage"].search([("is_closed", "=", False)])
    for stage in stages.filtered("event_ids"):
        codes = set(stage.event_ids.mapped("code"))
        env.cr.execute(
            "UPDATE klachtenbeheer_stage SET is_end = %s, is_optional = %s WHERE id = %s",
            [codes <= ENDINGS, codes <= SIDE_ROAD, stage.id],
        )


def conclude_conversations(cr):
    """How conversations ended that were held before this was asked."""
    cr.execute(
        """
        UPDATE klachtenbeheer_hearing hearing
           SET conclusion = CASE WHEN hearing.settled_on IS NOT NULL THEN 'settled'
                                 ELSE 'not_resolved' END
          FROM klachtenbeheer_complaint complaint
         WHERE complaint.id = hearing.complaint_id
           AND hearing.state = 'held'
           AND hearing.purpose = 'oral_explanation'
           AND (hearing.settled_on IS NOT NULL OR complaint.is_closed
                OR complaint.outcome = 'not_resolved')
        """
    )
    for old, new in (
        ("('settled_on', '=', False)", "('conclusion', '!=', 'settled')"),
        (
            "[('state', '=', 'held'), ('purpose', '!=', 'contact')]",
            "[('state', '=', 'held'), ('purpose', '!=', 'contact'),"
            " ('conclusion', '!=', 'not_resolved')]",
        ),
    ):
        cr.execute(
            """
            UPDATE klachtenbeheer_letter_type SET about_domain = replace(about_domain, %s, %s)
             WHERE code IN ('settlement_record', 'closing_unresolved')
            """,
            [old, new],
        )
