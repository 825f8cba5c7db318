"""Texts follow the data: what letters of an existing database say, and the models to copy from."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.modules.module import Manifest
from odoo.tools import convert_file
from odoo.tools.convert import xml_import
from odoo.tools.misc import file_open

MODULE = "klachtenbeheer"
TEXT_FILES = ("data/mail_template_data.xml", "data/public_mail_data.xml")
# What texts asked of the policy, and ask of the dossier now: fields are filled in, and nobody
# who is complained about is named.
ASKED = {
    "object.policy_id.procedure_text": "object._get_policy_text('procedure')",
    "object.policy_id.privacy_text": "object._get_policy_text('privacy')",
    "object.policy_id.objection_text": "object._get_policy_text('objection')",
    "object.policy_id.external_body_text": "object._get_policy_text('external')",
    "object.policy_id._get_contact_line()": "object._get_contact_line()",
}


def migrate(cr, version):
    """Renew texts that nobody changed, and mend those that somebody did."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in TEXT_FILES:
        renew_texts(env, name)
    mend_texts(cr)
    renew_models(env)
    send_by_themselves(cr)
    env.invalidate_all()


def renew_texts(env, name):
    """The texts of a file as it has them now, but for those that an organisation made its own.
    Their Dutch is loaded after this."""
    importer = xml_import(env, MODULE, {}, "init", noupdate=True, xml_filename=name)
    with file_open(f"{MODULE}/{name}", "rb") as file:
        records = list(etree.parse(file).iterfind(".//record[@model='mail.template']"))
    for record in records:
        template = env.ref(f"{MODULE}.{record.get('id')}", raise_if_not_found=False)
        if template and template.write_uid.id == SUPERUSER_ID:
            template.flush_recordset()
            env.cr.execute(
                """
                UPDATE mail_template
                   SET body_html = jsonb_build_object('en_US', body_html->'en_US'),
                       subject = jsonb_build_object('en_US', subject->'en_US')
                 WHERE id = %s
                """,
                [template.id],
            )
            template.invalidate_recordset()
            importer._tag_record(record)
    env.flush_all()


def mend_texts(cr):
    """Texts that an organisation changed keep its words, and ask the dossier."""
    for old, new in ASKED.items():
        cr.execute(
            """
            UPDATE mail_template
               SET body_html = replace(body_html::text, %s, %s)::jsonb
             WHERE model LIKE 'klachtenbeheer.%%' AND strpos(body_html::text, %s) > 0
            """,
            [old, new, old],
        )


def renew_models(env):
    """The policies to copy from, which nobody may change. Policies of an organisation keep the
    text that was published; a next version can take the fields over."""
    for name in Manifest.for_addon(MODULE)["data"]:
        if name.startswith("data/policy_"):
            convert_file(env, MODULE, name, {}, mode="init", noupdate=True)


def send_by_themselves(cr):
    """The acknowledgement of this policy was always meant to go at once (KK19)."""
    cr.execute(
        """
        UPDATE klachtenbeheer_letter_type line
           SET sends_itself = TRUE
          FROM klachtenbeheer_policy policy
         WHERE policy.id = line.policy_id
           AND policy.source = 'Stichting Klimkoord'
           AND line.code = 'acknowledgement'
        """
    )
