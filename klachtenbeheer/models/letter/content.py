from odoo import api, fields, models

from .letter import DRAFT

# What the text of a letter is made from.
TEXT_INPUTS = (
    "type_id.template_id",
    "lang",
    "promised_on",
    "reason",
    "expected_manner",
    "requested_items",
    "reply_by",
    "route_text",
    "term_ids",
    "complaint_id.title",
    "complaint_id.description",
    "complaint_id.summary",
    "complaint_id.received_on",
    "complaint_id.handler_id",
    "complaint_id.findings",
    "complaint_id.verdict_id",
    "complaint_id.verdict_motivation",
    "complaint_id.solution",
    "complaint_id.measures",
    "complaint_id.no_measures",
    "complaint_id.expected_manner",
    "complaint_id.out_of_scope_reason",
    "complaint_id.deadline_ids.due_on",
    "complaint_id.deadline_ids.is_open",
    "complaint_id.desired_solution",
    "complaint_id.independent_id",
    "complaint_id.escalation_level",
    "complaint_id.board_involved",
    "complaint_id.respondent_ids",
    "complaint_id.hide_identity",
    "complaint_id.kind",
    "complaint_id.stage_id",
    "complaint_id.grievance_ids.name",
    "complaint_id.grievance_ids.findings",
    "complaint_id.grievance_ids.verdict_id",
    "complaint_id.grievance_ids.motivation",
    "complaint_id.agreement_ids.name",
    "complaint_id.agreement_ids.due_on",
    "complaint_id.agreement_ids.owner_name",
    "complaint_id.measure_link_ids.measure_id.name",
    "complaint_id.measure_link_ids.measure_id.due_on",
    "complaint_id.measure_link_ids.measure_id.realised_on",
    "complaint_id.measure_link_ids.measure_id.state",
    "position",
    "answer_text",
    "spoken_on",
    "next_step",
    "hearing_id.form",
    "hearing_id.location",
    "hearing_id.aim",
    "hearing_id.planned_at",
    "hearing_id.held_on",
    "hearing_id.report",
    "hearing_id.proposal",
    "hearing_id.reaction",
    "hearing_id.settlement",
    "hearing_id.slot_ids.start_at",
    "hearing_id.slot_ids.state",
    "hearing_id.participant_ids.name",
    "hearing_id.participant_ids.role",
    "hearing_id.participant_ids.present",
    "objection_id.kind",
    "objection_id.received_on",
    "objection_id.is_late",
    "objection_id.in_writing",
    "objection_id.state",
    "objection_id.acceptance_reason",
    "referral_id.role_id",
    "referral_id.reason",
    "referral_id.reference",
    "referral_id.admitted_on",
    "ruling_id.question",
    "ruling_id.decision",
    "ruling_id.decided_on",
    "enclosure_ids",
)


class LetterContent(models.Model):
    """What is filled in for a letter, and the text that is made of it until somebody edits
    it."""

    _inherit = "klachtenbeheer.letter"

    subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    body = fields.Html(compute="_compute_text", store=True, readonly=False)
    # The text as it was generated last: what an edit was based on. The form sends it along.
    generated_subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    generated_body = fields.Html(compute="_compute_text", store=True, readonly=False)
    text_state = fields.Selection(
        [
            ("generated", "As generated"),
            ("edited", "Edited"),
            ("outdated", "Edited, but the dossier has changed since"),
        ],
        compute="_compute_text_state",
    )
    reason = fields.Text(help="Why more time is needed, as the letter tells it.")
    promised_on = fields.Date("New date", help="When the complainant gets the answer.")
    consented_on = fields.Date(
        "Complainant agreed on",
        help="When the complainant agreed in writing to a later date than the policy allows"
        " without that. Keep what was written on the dossier.",
    )
    expected_manner = fields.Text("Expected handling")
    term_ids = fields.Many2many(
        "klachtenbeheer.term",
        "klachtenbeheer_letter_term_rel",
        string="Promise is about",
        compute="_compute_term_ids",
        store=True,
        readonly=False,
    )
    requested_items = fields.Text("What is asked", help="One thing on each line.")
    reply_by = fields.Date(
        "Reply before or on", compute="_compute_reply_by", store=True, readonly=False
    )
    route_text = fields.Text("Where to go instead")
    position = fields.Text(
        "Our position",
        compute="_compute_position",
        store=True,
        readonly=False,
        help="What we think of it, without more about the complainant than is needed.",
    )
    answer_text = fields.Text(
        "Answer", compute="_compute_spoken_answer", store=True, readonly=False
    )
    spoken_on = fields.Date(
        "Date of the conversation", compute="_compute_spoken_answer", store=True, readonly=False
    )
    next_step = fields.Text(
        "What happens next", compute="_compute_next_step", store=True, readonly=False
    )

    # ---------------------------------------------------------------- filled in

    @api.depends("hearing_id.reply_by")
    def _compute_reply_by(self):
        """An invitation asks for a reply by the day after which it counts as not used."""
        for letter in self:
            hearing_su = letter.sudo().hearing_id  # its date is printed
            offers = letter.type_id.offers_hearing and hearing_su
            if letter.state == DRAFT and offers and not letter.reply_by:
                letter.reply_by = hearing_su.reply_by or hearing_su._get_reply_by()
            else:
                letter._freeze_values({"reply_by"})

    @api.depends("type_id")
    def _compute_position(self):
        """The second who is complained about reads the same as the first."""
        for letter in self:
            earlier = letter.complaint_id.letter_ids.filtered(
                lambda other: other.type_id == letter.type_id and other.position  # noqa: B023
            )
            letter.position = letter.position or earlier[:1].position

    @api.depends("type_id")
    def _compute_spoken_answer(self):
        """What was answered orally, as it is on the dossier (BB14)."""
        for letter in self:
            if letter.state == DRAFT and "spoken_on" in letter._get_asked_fields():
                answer = letter.sudo()._find_oral_answer()
                letter.spoken_on = letter.spoken_on or answer["spoken_on"]
                letter.answer_text = letter.answer_text or answer["answer_text"]
            else:
                letter._freeze_values({"spoken_on", "answer_text"})

    def _find_oral_answer(self):
        complaint = self.complaint_id
        settled = complaint._get_valid_events().filtered(lambda event: event.type_id.answers_orally)
        day = settled[-1:].occurred_on
        return {"spoken_on": day, "answer_text": complaint.outcome_note or settled[-1:].note}

    @api.depends("objection_id.state", "objection_id.kind", "lang")
    def _compute_next_step(self):
        for letter in self:
            if letter.state == DRAFT and letter.objection_id and not letter.next_step:
                letter.next_step = letter.sudo()._get_proposed_next_step()
            else:
                letter._freeze_values({"next_step"})

    def _get_proposed_next_step(self):
        letter = self.with_context(lang=self.lang)
        if self.objection_id.state == "refused":
            return letter.env._("That is why we do not take your request further.")
        if self.objection_id.kind == "follow_up":
            return letter.env._(
                "We have passed your request on to the %s, who gets in touch with you.",
                self._get_acting_title("confidant"),
            )
        return letter.env._("We invite you to explain your complaint in a conversation.")

    # ---------------------------------------------------------------- the text

    @api.depends(*TEXT_INPUTS)
    def _compute_text(self):
        for letter in self:
            if letter.state == DRAFT and not letter._is_edited():
                letter.update(letter._generate_text())
            else:
                letter._freeze_values({"subject", "body", "generated_subject", "generated_body"})

    @api.depends(*TEXT_INPUTS, "subject", "body", "generated_subject", "generated_body", "state")
    def _compute_text_state(self):
        for letter in self:
            if letter.state != DRAFT or not letter._is_edited():
                letter.text_state = "generated"
            else:
                letter.text_state = "outdated" if letter._is_outdated() else "edited"

    @api.depends("type_id", "complaint_id.deadline_ids.is_open")
    def _compute_term_ids(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.term_ids = letter._get_extendable_deadlines().term_id
            else:
                letter._freeze_values({"term_ids"})

    def _is_edited(self):
        """Whether somebody changed the generated text."""
        return bool(
            self.generated_body
            and (self.body != self.generated_body or self.subject != self.generated_subject)
        )

    def _is_outdated(self):
        """Whether the text would be another one if it were generated now."""
        text_now = self.sudo()._generate_text()  # a template may show what a user may not read
        field = self._fields["body"]
        return text_now["subject"] != self.generated_subject or field.convert_to_cache(
            text_now["body"], self
        ) != (self.generated_body)

    def _refresh_text(self):
        """What the text is made of beyond the dossier, as the people in a role or the text of
        the kind of letter, may have changed since."""
        for letter in self:
            if letter.state == DRAFT and not letter._is_edited():
                # the text follows whoever looks at it
                letter.sudo()._as_procedure().write(letter.sudo()._generate_text())

    def action_renew_text(self):
        """Throw edits away and generate the text from the dossier."""
        for letter in self:
            letter._check_editable({"body"})
            letter._as_procedure().write(letter.sudo()._generate_text())

    def action_keep_text(self):
        """The edited text has been checked against the dossier as it is now."""
        for letter in self:
            letter._check_editable({"body"})
            text_now = letter.sudo()._generate_text()
            letter._as_procedure().write(
                {key: text_now[key] for key in ("generated_subject", "generated_body")}
            )
