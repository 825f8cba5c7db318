"""The models of policies whose law asks for a judgement say so in the letter (art. 9:12 Awb and
like it). Policies of organisations, published or not, keep the letter that they have."""

from odoo import SUPERUSER_ID, api

MODELS = ("awb", "wkkgz", "childcare", "youth")


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    decision = env.ref("klachtenbeheer.mail_template_decision", raise_if_not_found=False)
    judgement = env.ref("klachtenbeheer.mail_template_judgement", raise_if_not_found=False)
    for code in MODELS if decision and judgement else ():
        name = f"klachtenbeheer.policy_{code}_letter_decision"
        letter_type = env.ref(name, raise_if_not_found=False)
        if letter_type and letter_type.template_id == decision:
            letter_type.template_id = judgement
