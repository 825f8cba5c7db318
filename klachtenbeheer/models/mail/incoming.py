from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

COMPLAINT = "klachtenbeheer.complaint"
QUEUE, MADE_COMPLAINT, ON_DOSSIER, DISCARDED = "queue", "complaint", "reply", "discarded"
# Why somebody has to look.
STRANGER, BARRED, FORGED, NO_SENDER, UNADDRESSED, NO_POLICY = (
    "stranger",
    "barred",
    "forged",
    "no_sender",
    "unaddressed",
    "no_policy",
)
BULK, AUTOMATIC, MEETING, ENCRYPTED, EMPTY, FLOOD, FOLLOW_UP, BUSY, ERROR = (
    "bulk",
    "automatic",
    "meeting",
    "encrypted",
    "empty",
    "flood",
    "follow_up",
    "busy",
    "error",
)
UNPROVEN = "unproven"
# Why nobody has to.
BOUNCE, AUTO_REPLY, RECEIPT, LOOP, DUPLICATE, BY_HAND = (
    "bounce",
    "auto_reply",
    "receipt",
    "loop",
    "duplicate",
    "by_hand",
)
PREVIEW = 5000  # characters
KEEP_DISCARDED = 90  # days that the content of what was put aside is kept
# What tells of the sender; kept no longer than it is needed.
CONTENT_FIELDS = ("name", "sender_name", "email_from", "text", "attachment_names", "raw")


class Incoming(models.Model):
    """A mail that is neither a new complaint nor a message on a dossier: one that a person has
    to look at, or one that was put aside on purpose. With those two it is true of every mail
    that it became a complaint, landed on a dossier, or is here with the reason.

    ===============  ==============================  =====================================
    Action           Who                             Condition
    ===============  ==============================  =====================================
    read             coordinator                     own company
    ..               director                        stands in under that policy
    make complaint   who reads                       to be sorted
    put on dossier   who reads both                  to be sorted
    put aside        who reads                       to be sorted; with a reason
    put back         who reads                       put aside, the content is still there
    ===============  ==============================  =====================================

    Who is complained about on the dossier that a mail seems to be about never sees it.
    """

    _name = "klachtenbeheer.incoming"
    _description = "Incoming Mail to Sort"
    _inherit = ["klachtenbeheer.refusal"]
    _order = "id desc"

    name = fields.Char("Subject", readonly=True)
    state = fields.Selection(
        [
            (QUEUE, "To sort"),
            (MADE_COMPLAINT, "Became a complaint"),
            (ON_DOSSIER, "Put on a dossier"),
            (DISCARDED, "Put aside"),
        ],
        required=True,
        readonly=True,
        default=QUEUE,
        index=True,
    )
    reason = fields.Selection(
        [
            (STRANGER, "Names a dossier, but the sender does not belong to it"),
            (BARRED, "From somebody who is complained about"),
            (FORGED, "The sender may not be who they say"),
            (UNPROVEN, "Nothing shows that the sender is who they say"),
            (NO_SENDER, "No sender"),
            (UNADDRESSED, "Not addressed to a policy"),
            (NO_POLICY, "The policy is not in force"),
            (BULK, "Sent through a mailing list, or a newsletter"),
            (AUTOMATIC, "Perhaps an automatic message"),
            (MEETING, "An invitation, or an answer to one"),
            (ENCRYPTED, "Encrypted; only somebody with the key can read it"),
            (EMPTY, "Empty"),
            (FLOOD, "Very many mails from this sender"),
            (FOLLOW_UP, "Shortly after another mail from this sender"),
            (BUSY, "Arrived at a busy moment; is tried again by itself"),
            (ERROR, "Could not be read or registered"),
            (BOUNCE, "One of our mails was returned"),
            (AUTO_REPLY, "Automatic reply"),
            (RECEIPT, "Read receipt"),
            (LOOP, "One of our own mails came back"),
            (DUPLICATE, "Arrived before"),
            (BY_HAND, "Put aside by a person"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Text("Explanation", readonly=True)
    policy_id = fields.Many2one(
        "klachtenbeheer.policy", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    complaint_id = fields.Many2one(
        COMPLAINT,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The dossier that this mail is on, or seems to be about.",
    )

    # the mail
    sender_name = fields.Char("Name of the sender", readonly=True)
    email_from = fields.Char("Sender", readonly=True)
    sent_on = fields.Datetime("Sent", readonly=True, help="What the mail itself says.")
    arrived_on = fields.Datetime("Arrived", readonly=True, required=True)
    message_id = fields.Char("Message-Id", readonly=True, index=True)
    text = fields.Text(readonly=True)
    attachment_names = fields.Char("Attachments", readonly=True)
    raw = fields.Binary("Original mail", readonly=True, attachment=True)
    raw_name = fields.Char(compute="_compute_raw_name")

    # what was done
    sorted_by_id = fields.Many2one("res.users", "Sorted by", readonly=True)
    sorted_on = fields.Datetime(readonly=True)

    @api.model
    def _get_dossier_domain(self, _operation):
        """Mail is sorted by who coordinates under its policy, or stands in, and under that of the
        dossier that it seems to be about; what names neither by whoever coordinates there."""
        user = self.env.user
        policies_su = user._get_roles_in_force().filtered("may_assign").policy_id
        policies_su |= policies_su.browse(user._get_standing_in_policy_ids())
        unknown = Domain("policy_id", "=", False)
        unknown &= Domain("company_id", "in", policies_su.company_id.ids)
        here = Domain("company_id", "in", self.env.companies.ids)
        under = Domain("policy_id", "in", policies_su.ids)
        about = Domain("complaint_id", "=", False) | Domain("complaint_id", "any!", under)
        return here & about & (under | unknown)

    def _compute_display_name(self):
        """Tab titles tell nothing of what is in a mail."""
        for mail in self:
            mail.display_name = self.env._("Mail %s", mail.id)

    def _compute_raw_name(self):
        for mail in self:
            mail.raw_name = f"mail-{mail.id}.eml"

    # ---------------------------------------------------------------- actions

    def action_make_complaint(self):
        """Register what was sent as complaints under their policies."""
        self._check_may_sort()
        if not all(mail._get_policy() for mail in self):
            return self._open_dialog("complaint", self.env._("Make it a complaint"))
        complaints = self.env[COMPLAINT].union(
            *(mail._make_complaint(mail._get_policy()) for mail in self)
        )
        return self._open_complaint(complaints)

    def action_put_on_dossier(self):
        """Ask on which dossier it belongs."""
        self._check_may_sort()
        return self._open_dialog("dossier", self.env._("Put on a dossier"))

    def action_discard(self):
        """Ask why nothing has to be done with it."""
        self._check_may_sort()
        return self._open_dialog("discard", self.env._("Put aside"))

    def action_put_back(self):
        """Look again at what was put aside."""
        self.check_access("read")
        for mail in self:
            if mail.state != DISCARDED or not mail.raw:
                raise UserError(self.env._("There is nothing left of this mail to look at."))
        self._mark_sorted({"state": QUEUE, "sorted_by_id": False, "sorted_on": False})

    def _get_policy(self):
        """The policy under which this can be registered; none where somebody has to choose."""
        policy_su = self.sudo().policy_id  # whether it is in force is no secret
        return policy_su.filtered(lambda policy: policy._is_in_force())

    def _open_dialog(self, purpose, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "klachtenbeheer.incoming.sort",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_incoming_ids": self.ids,
                "default_purpose": purpose,
                "default_complaint_id": self.complaint_id.id if len(self) == 1 else False,
            },
        }

    def _open_complaint(self, complaints):
        if len(complaints) != 1:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.act_window",
            "res_model": COMPLAINT,
            "res_id": complaints.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _check_may_sort(self):
        """Only what is still to be sorted, and by who sees it; a second click finds it done."""
        self.check_access("read")
        incoming_su = self.sudo()  # seeing a mail is being allowed to sort it
        incoming_su.lock_for_update(allow_referencing=True)
        incoming_su.invalidate_recordset(["state"])
        if any(mail.state != QUEUE for mail in incoming_su):
            raise UserError(self.env._("This mail has been sorted already."))

    # ---------------------------------------------------------------- consequences

    def _make_complaint(self, policy):
        """Register one mail under a policy.

        :return: the complaint
        """
        self.ensure_one()
        incoming_su = self.sudo()  # see _check_may_sort
        complaint = incoming_su._register_kept(policy)
        self._write_without_text({"state": MADE_COMPLAINT, "complaint_id": complaint.id})
        return complaint.with_env(self.env)

    def _put_on(self, complaint, by_complainant):
        """Add one mail to a dossier, as what the complainant says or as a note."""
        self.ensure_one()
        self.sudo()._post_kept(complaint.sudo(), by_complainant)  # see _check_may_sort
        self._write_without_text({"state": ON_DOSSIER, "complaint_id": complaint.id})

    def _discard(self, note):
        self._mark_sorted({"state": DISCARDED, "reason": BY_HAND, "note": note})

    def _write_without_text(self, vals):
        """What is on a dossier is not kept here as well: here nobody stays unknown."""
        self._mark_sorted({**dict.fromkeys(CONTENT_FIELDS, False), **vals})

    def _mark_sorted(self, vals):
        incoming_su = self.sudo()  # see _check_may_sort
        incoming_su.write(
            {"sorted_by_id": self.env.uid, "sorted_on": fields.Datetime.now(), **vals}
        )
        incoming_su._finish_asking()

    # ---------------------------------------------------------------- asking to sort

    def _ask_to_sort(self):
        """Ask whoever coordinates, once for all that is waiting."""
        for mail in self:
            policy = mail.policy_id or mail._get_any_policy()
            user = mail._get_sorter(policy)
            waiting = policy.activity_ids.filtered(
                lambda line: line.activity_type_id == self._get_activity_type()
            )
            if user and user not in waiting.user_id:
                policy.activity_schedule(
                    "klachtenbeheer.activity_type_sort",
                    summary=self.env._("There is mail to sort"),
                    user_id=user.id,
                )

    def _get_sorter(self, policy):
        if self.complaint_id:
            return self.complaint_id._get_coordinating_user()
        for role in ("coordinator", "deputy", "director"):
            line = policy.role_ids.filtered(lambda line: line.role == role)[:1]  # noqa: B023
            if line.user_ids and not line._is_absent():
                return line.user_ids[0]
        return policy.coordinator_id

    def _get_any_policy(self):
        """A policy of the company, for the mail that names none."""
        return self.env["klachtenbeheer.policy"].search(
            [("company_id", "=", self.company_id.id), ("state", "=", "published")], limit=1
        )

    def _get_activity_type(self):
        return self.env.ref("klachtenbeheer.activity_type_sort")

    def _finish_asking(self):
        """Nothing is asked any more where nothing is waiting."""
        for company in self.company_id:
            domain = Domain("company_id", "=", company.id) & Domain("state", "=", QUEUE)
            if not self.search_count(domain, limit=1):
                policies = self.env["klachtenbeheer.policy"].search(
                    [("company_id", "=", company.id)]
                )
                policies.activity_unlink(["klachtenbeheer.activity_type_sort"])

    # ---------------------------------------------------------------- retention

    @api.autovacuum
    def _gc_discarded(self):
        """The reason stays on record; the mail itself does not."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DISCARDED)
        old = self.search(
            Domain("state", "=", DISCARDED)
            & Domain("arrived_on", "<", before)
            & (Domain("email_from", "!=", False) | Domain("name", "!=", False)),
            limit=1000,
        )
        old.write(dict.fromkeys(CONTENT_FIELDS, False))
