import inspect

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from ..support.common import ComplaintCase

MODULE = "klachtenbeheer"
INHERITED = {
    *("base", "mail.thread"),
    *("klachtenbeheer.refusal", "klachtenbeheer.attached.record", "klachtenbeheer.remembered"),
    *("klachtenbeheer.refusing.thread", "klachtenbeheer.read.logged"),
    "klachtenbeheer.dossier.part",
}
# Every public method of this addon can be called over RPC by whoever has an account (style.md
# 1.9, rule 9). A new one is added here on purpose: it checks rights itself, takes no ids or
# commands that it does not check, and gives away nothing to who may not read the record.
PUBLIC = {
    # asks whether the user may read the dossiers that are named, and then does as ever
    "base": {"create", "default_get", "onchange", "write"},
    "klachtenbeheer.refusal": {"onchange", "unlink"},
    "klachtenbeheer.dossier.part": {"write"},
    "klachtenbeheer.refusing.thread": {"message_post", "write"},
    "klachtenbeheer.attached.record": {"write"},
    # whoever finds a name was told, which is noted
    "klachtenbeheer.read.logged": {"name_search"},
    "ir.attachment": {"write"},
    # the number of mails that the user may see and has to sort
    "ir.ui.menu": {"load_web_menus"},
    "klachtenbeheer.category": {"create", "write"},
    # what processes remember of the catalogue is forgotten
    "klachtenbeheer.remembered": {"create", "unlink", "write"},
    "res.users": {"write"},  # the same, of who has which role
    "klachtenbeheer.closed.day": {"create", "unlink", "write"},
    # what policies in force count on stays
    "klachtenbeheer.channel": {"write"},
    "klachtenbeheer.event.type": {"write"},
    "klachtenbeheer.requirement": {"write"},
    "klachtenbeheer.complainant.kind": {"create", "write"},
    "klachtenbeheer.complaint": {
        "action_assign_to_me",
        "action_check_registration",
        "action_close",
        "action_convert",
        "action_delay",
        "action_escalate",
        "action_next_step",
        "action_open_assign",
        "action_open_close",
        "action_open_board",
        "action_open_duty_waive",
        "action_open_escalate",
        "action_open_formal",
        "action_open_letter",
        "action_open_message",
        "action_open_line",
        "action_open_receipt_correction",
        "action_open_ruling",
        "action_open_triage",
        "action_open_held",
        "action_open_unheard",
        "action_record_event",
        "action_reopen",
        "copy",
        "correct_receipt",
        "create",
        # registers, as any employee may
        "message_new",
        "message_post",
        "message_subscribe",
        "onchange",
        "prepare_letter",
        "record_event",
        "web_read",
        "write",
    },
    "klachtenbeheer.absence": {"action_report", "action_return"},
    "klachtenbeheer.close": {"action_close"},
    "klachtenbeheer.assign": {"action_assign"},
    # written by members of the committee only
    "klachtenbeheer.advice": {
        "action_save",
        "action_sign",
        "action_withdraw",
        "create",
        "onchange",
        "write",
    },
    # takes somebody else than who proposed it
    "klachtenbeheer.appointment": {"action_confirm", "action_refuse", "write"},
    "klachtenbeheer.agreement": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.assistance": {
        "action_make_contact",
        "action_save",
        "create",
        "onchange",
        "write",
    },
    "klachtenbeheer.consultation": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.fact": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.grievance": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.verdict": {"write"},
    "klachtenbeheer.identity": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.dossier.line": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.coordinated.line": {"action_save", "create", "onchange", "write"},
    "klachtenbeheer.escalate": {"action_escalate"},
    "klachtenbeheer.hearing": {
        "action_cancel",
        "action_end_unresolved",
        "action_hold",
        "action_note_held",
        "action_offer",
        "action_plan_proposed",
        "action_save",
        "action_settle",
        "action_waive",
        "create",
        "onchange",
        "write",
    },
    "klachtenbeheer.hearing.slot": {"action_accept"},
    "klachtenbeheer.message.compose": {"action_send"},
    "klachtenbeheer.measure": {
        "action_adopt",
        "action_defer",
        "action_done",
        "action_note_effect",
        "action_reject",
        "create",
        "write",
    },
    "klachtenbeheer.objection": {
        "action_refuse",
        "action_register",
        "action_save",
        "create",
        "onchange",
        "write",
    },
    "klachtenbeheer.referral": {
        "action_admit",
        "action_file",
        "action_save",
        "create",
        "onchange",
        "write",
    },
    "klachtenbeheer.ruling": {
        "action_decide",
        "action_open_decision",
        "action_save",
        "create",
        "onchange",
        "write",
    },
    "klachtenbeheer.ruling.decide": {"action_decide"},
    "klachtenbeheer.triage": {"action_decide"},
    "klachtenbeheer.deadline": {"action_open_complaint"},
    "klachtenbeheer.delay": {"action_send", "action_write_letter"},
    "klachtenbeheer.duty.waive": {"action_waive"},
    "klachtenbeheer.event": {"action_open_void_dialog", "action_void", "create"},
    "klachtenbeheer.event.record": {"action_record"},
    "klachtenbeheer.event.void": {"action_void"},
    "klachtenbeheer.incoming": {
        "action_discard",
        "action_make_complaint",
        "action_put_back",
        "action_put_on_dossier",
    },
    "klachtenbeheer.incoming.sort": {"action_confirm"},
    "klachtenbeheer.intake.api": {"register"},
    "klachtenbeheer.intake": {
        "action_open_complaint",
        "action_register",
        "action_register_and_open",
        "action_register_and_take_on",
        "web_save",
    },
    "klachtenbeheer.letter": {
        "action_approve",
        "action_approve_and_return",
        "action_confirm_delivered",
        "action_keep_text",
        "action_mark_posted",
        "action_not_applicable",
        "action_open",
        "action_open_outside",
        "action_post_and_return",
        "action_post_selected",
        "action_preview",
        "action_print_for_post",
        "action_renew_text",
        "action_send",
        "action_send_again",
        "action_send_and_return",
        "action_send_back",
        "action_send_prepared",
        "action_submit",
        "action_submit_and_return",
        "create",
        "onchange",
        "write",
    },
    "klachtenbeheer.letter.outside": {"action_confirm"},
    "klachtenbeheer.long.work": {"action_open_result", "action_retry"},
    "klachtenbeheer.report.making": {"action_make"},
    "klachtenbeheer.letter.reason": {"action_confirm"},
    "klachtenbeheer.letter.type": {"action_edit_text", "action_own_text", "create", "write"},
    "klachtenbeheer.next.version": {"action_make"},
    "klachtenbeheer.passage": {"create", "write"},
    "klachtenbeheer.policy": {
        "action_back_to_draft",
        "action_new_version",
        "action_print_dpia",
        "action_print_processing",
        "action_list_texts",
        "action_open_practice",
        "action_publish",
        "action_evaluate",
        "action_record_evaluation",
        "action_retire",
        "action_submit",
        "action_view_complaints",
        "copy",
        "copy_data",
        "create",
        "preview",
        "write",
    },
    "klachtenbeheer.policy.line": {"create", "write"},
    "klachtenbeheer.policy.role": {"action_set_absent", "create", "write"},
    "klachtenbeheer.policy.setup": {"action_keep_draft", "action_publish"},
    "klachtenbeheer.legal.hold": {"action_lift", "action_save", "create", "onchange", "write"},
    "klachtenbeheer.dossier.file": {"action_make", "action_save", "create", "onchange", "write"},
    "klachtenbeheer.erasure.replay": {"action_replay"},
    "klachtenbeheer.retention.rule": {"create", "write"},
    "klachtenbeheer.subject.export": {"action_export"},
    "klachtenbeheer.subject.item": {"action_correct", "create", "write"},
    "klachtenbeheer.subject.request": {
        "action_answer",
        "action_erase",
        "action_export",
        "action_gather",
        "action_lookup",
        "action_restrict",
        "create",
        "write",
    },
    "klachtenbeheer.receipt.correction": {"action_correct"},
    "klachtenbeheer.register.import": {"action_check", "action_import", "action_template"},
    "klachtenbeheer.complaint.figures": {"action_open_dossier"},
    "klachtenbeheer.dashboard": {"get_figures"},
    "klachtenbeheer.evaluation": {"action_close", "action_make_next_version", "write"},
    "klachtenbeheer.pattern": {"action_dismiss", "action_make_measure", "write"},
    "klachtenbeheer.register.export": {"action_export"},
    "klachtenbeheer.report": {
        "action_approve",
        "action_print",
        "action_refresh",
        "action_send_again",
        "action_send_back",
        "action_submit",
        "copy_data",
        "create",
        "write",
    },
    "klachtenbeheer.report.discussion": {"create", "write"},
    "klachtenbeheer.report.recipient": {"action_confirm_delivered", "action_send_again"},
    "klachtenbeheer.report.text": {"create", "write"},
    "klachtenbeheer.report.type": {"copy_data"},
    "klachtenbeheer.stage": {"create", "write"},
    "klachtenbeheer.start.page": {"get_sections", "get_setup"},
    "klachtenbeheer.term": {"create", "write"},
    "klachtenbeheer.typed": {"create", "write"},
    # as the platform's own, one by one
    "mail.mail": {"send", "write"},
    "mail.message": {"create", "write"},
    # what anybody can do as well by sending a mail
    "mail.thread": {"message_process", "message_route"},
    # what processes remember of a time zone is forgotten
    "res.company": {"write"},
    "res.partner": {"create", "write"},
}


@tagged("post_install", "-at_install")
class TestRpcSurface(ComplaintCase):
    def get_public_methods(self):
        """{model: names of public methods that this addon defines or overrides}"""
        found = {}
        for name, model in self.env.registry.items():
            for definition in model._model_classes__:
                # what every thread of the platform, or every model, inherits is counted once
                parent = getattr(definition, "_name", None)
                inherited = parent in INHERITED and parent != name
                if getattr(definition, "_module", None) == MODULE and not inherited:
                    for method, function in vars(definition).items():
                        if inspect.isroutine(function) and self.is_public(name, method):
                            found.setdefault(name, set()).add(method)
        return found

    def is_public(self, model, method):
        try:
            return bool(get_public_method(self.env[model], method))
        except (AccessError, AttributeError):
            return False

    def test_every_public_method_is_a_choice(self):
        found, expected = (
            {f"{model}.{method}" for model, methods in surface.items() for method in methods}
            for surface in (self.get_public_methods(), PUBLIC)
        )
        self.assertFalse(sorted(found - expected), "new: add them if they are meant to be public")
        self.assertFalse(sorted(expected - found), "gone")
