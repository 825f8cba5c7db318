"""Which stored field of ours tells of a person, and what becomes of it when a dossier is
anonymised.

Every stored text, and every stored reference to people, files or messages, of every model of this
addon stands here, or its whole model does: `tests/privacy/test_personal_fields.py` fails for one
that is new until somebody has decided. A field that is not named is a date, number, choice or
reference to a setting; those count, and stay.
"""

CLEAR = "clear"  # emptied; a dash where something is required
FORGET = "forget"  # the reference goes; a user that is required becomes the system
KEEP = "keep"  # tells of nobody

CLEARED = "–"

# Parts of a dossier: {model: {treatment: fields}}. Found by `complaint_id`.
FIELDS = {
    "klachtenbeheer.complaint": {
        CLEAR: (
            *("access_token", "title", "description", "complainant_name"),
            *("complainant_organisation", "complainant_email", "complainant_phone"),
            *("complainant_address", "respondent_text", "incident_place", "desired_solution"),
            *("summary", "findings", "verdict_motivation", "solution", "measures"),
            *("expected_manner", "out_of_scope_reason", "outcome_note", "daily_problem"),
            *("responsible_employee", "established_by", "former_reference", "triage_reason"),
            *("source_url", "phone_key", "description_translation", "departure_reason"),
            "own_values",
        ),
        FORGET: (
            *("partner_id", "respondent_ids", "representative_ids", "addressee_id"),
            *("received_by_id", "handler_id", "independent_id", "involved_user_ids"),
            *("registration_checked_by_id", "triaged_by_id", "handled_by_id"),
            "conflicted_partner_ids",
        ),
        # Reference and number are known to the sender alone; the coordinator is that of the
        # policy; the neutral summary was written to stay.
        KEEP: ("name", "formal_number", "coordinator_id", "neutral_summary", "erased_kinds"),
    },
    "klachtenbeheer.advice": {
        CLEAR: ("question", "text"),
        FORGET: ("asked_by_id", "signed_by_id"),
    },
    "klachtenbeheer.agreement": {CLEAR: ("with_whom", "name", "owner_name")},
    "klachtenbeheer.assistance": {
        CLEAR: ("name", "email", "phone", "relation"),
        FORGET: ("partner_id", "authorisation_ids"),
    },
    "klachtenbeheer.consultation": {CLEAR: ("with_whom", "question", "advice")},
    "klachtenbeheer.dossier.file": {
        CLEAR: ("recipient", "passages"),
        FORGET: ("attachment_id", "body_id", "file_ids", "made_by_id"),
        KEEP: ("sha256",),
    },
    "klachtenbeheer.deadline": {FORGET: ("activity_id",), KEEP: ("code", "void_by", "details")},
    "klachtenbeheer.event": {
        CLEAR: ("note", "void_reason"),
        FORGET: ("user_id", "voided_by_id"),
        KEEP: ("code",),
    },
    "klachtenbeheer.fact": {
        CLEAR: ("name", "description"),
        FORGET: ("author_id", "attachment_ids"),
    },
    "klachtenbeheer.grievance": {CLEAR: ("name", "findings", "motivation")},
    "klachtenbeheer.hearing": {
        CLEAR: (
            *("location", "aim", "report", "proposal", "settlement"),
            *("waived_by", "waive_reason"),
        ),
        FORGET: ("leader_id", "calendar_event_id"),
    },
    "klachtenbeheer.hearing.participant": {CLEAR: ("name",), FORGET: ("partner_id",)},
    "klachtenbeheer.hearing.slot": {},
    "klachtenbeheer.incoming": {
        CLEAR: (
            *("name", "note", "sender_name", "email_from", "message_id", "text"),
            "attachment_names",
        ),
        FORGET: ("raw", "sorted_by_id"),
    },
    "klachtenbeheer.letter": {
        CLEAR: (
            *("signatory_title", "approval_note", "failure_reason", "addressee_name"),
            *("addressee_email", "addressee_address", "salutation", "subject", "body"),
            *("generated_subject", "generated_body", "reason", "expected_manner"),
            *("requested_items", "route_text", "position", "answer_text", "next_step"),
        ),
        FORGET: (
            *("signatory_id", "submitted_by_id", "approved_by_id", "sent_by_id"),
            *("attachment_id", "message_id", "task_ids", "partner_id", "copy_ids"),
            "enclosure_ids",
        ),
    },
    "klachtenbeheer.legal.hold": {CLEAR: ("reason", "lift_reason"), FORGET: ("lifted_by_id",)},
    "klachtenbeheer.measure.link": {},
    "klachtenbeheer.objection": {
        CLEAR: ("description", "acceptance_reason"),
        FORGET: ("attachment_ids",),
    },
    "klachtenbeheer.referral": {
        CLEAR: ("reference", "content", "outcome"),
        FORGET: ("partner_id",),
    },
    "klachtenbeheer.ruling": {CLEAR: ("question", "decision"), FORGET: ("decided_by_id",)},
}
# Parts of a dossier that are nothing but personal: their rows go.
DELETED = (
    "klachtenbeheer.access.code",
    "klachtenbeheer.form.submission",
    "klachtenbeheer.identity",
)
# Of the organisation, though it may come from several dossiers: emptied with the last of them.
SHARED = {
    "klachtenbeheer.measure": {
        CLEAR: ("name", "description", "feedback_to", "decision", "effect_note"),
        FORGET: ("owner_id", "decided_by_id", "effect_checked_by_id"),
    },
    "klachtenbeheer.pattern": {
        CLEAR: ("reason",),
        FORGET: ("partner_id", "decided_by_id"),
        # A subject is a setting and stays; a place goes: `anonymise.py`, _erase_patterns.
        KEEP: ("policy_code", "key"),
    },
}
# What an organisation sets up, and who has which role in it now: tells of no dossier.
SETTINGS = (
    "klachtenbeheer.appointment",
    "klachtenbeheer.evaluation",
    "klachtenbeheer.policy.translation",
    "klachtenbeheer.category",
    "klachtenbeheer.channel",
    "klachtenbeheer.closed.day",
    "klachtenbeheer.complainant.kind",
    "klachtenbeheer.event.type",
    "klachtenbeheer.hearing.result",
    "klachtenbeheer.letter.type",
    "klachtenbeheer.passage",
    "klachtenbeheer.policy",
    "klachtenbeheer.policy.role",
    "klachtenbeheer.report.plan",
    "klachtenbeheer.report.section",
    "klachtenbeheer.report.type",
    "klachtenbeheer.report.type.recipient",
    "klachtenbeheer.requirement",
    "klachtenbeheer.retention.rule",
    "klachtenbeheer.stage",
    "klachtenbeheer.term",
    "klachtenbeheer.transfer.format",
    "klachtenbeheer.verdict",
)
# Kept by a clock of its own, with the method that removes it.
OWN_CLOCK = {
    "klachtenbeheer.form.upload": "form.upload._forget_abandoned: a day",
    "klachtenbeheer.long.work": "long.work._forget_old: a week, and for its owner only",
    "klachtenbeheer.throttle": "throttle._cron_forget: hours, and no address in it",
    "klachtenbeheer.reading": "with the dossier, and reading._forget_old: two years",
    "klachtenbeheer.breach": "breach._forget_breach: five years; names nobody",
    "klachtenbeheer.subject.item": "with the dossier, and with its request",
    "klachtenbeheer.subject.request": "subject_request._forget_person: two years after answering",
    # Figures that were frozen, hidden where they say who it was; who writes one names nobody.
    "klachtenbeheer.report": "never: frozen",
    "klachtenbeheer.report.discussion": "with its report",
    "klachtenbeheer.report.recipient": "with its report",
    "klachtenbeheer.report.text": "with its report",
    # references and figures, nobody's name: what shows that the rest is gone
    "klachtenbeheer.erasure": "never: tells which rule removed what, without content",
}
# The parts that a rule of a policy may end before the dossier as a whole.
PARTS = {
    "letter": ("klachtenbeheer.letter",),
    "conversation": (
        "klachtenbeheer.hearing",
        "klachtenbeheer.hearing.participant",
        "klachtenbeheer.hearing.slot",
    ),
}
# References that name somebody or lead to what does.
TELLING = {
    "calendar.event",
    "ir.attachment",
    "mail.activity",
    "mail.message",
    "res.partner",
    "res.users",
}
TEXTS = {"char", "text", "html", "json", "binary", "properties", "reference"}
# Dialogs are emptied by the platform within hours, and hold what somebody typed until then.


def get_telling_fields(model):
    """Names of the stored fields of a model that could tell of a person."""
    return {
        fname
        for fname, field in model._fields.items()
        if field.store
        and fname not in ("create_uid", "write_uid")
        and not field.inherited
        and (
            field.type in TEXTS
            or (field.type in ("many2one", "many2many") and field.comodel_name in TELLING)
        )
    }


def get_classified(treatments):
    """All fields that stand in a line of the tables above."""
    return {fname for fnames in treatments.values() for fname in fnames}
