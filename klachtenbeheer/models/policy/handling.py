from odoo import fields, models


class PolicyHandling(models.Model):
    """How a policy wants complaints handled: settings that the five policies differ in."""

    _inherit = "klachtenbeheer.policy"

    # assignment
    assignment_event_id = fields.Many2one(
        "klachtenbeheer.event.type",
        "Recorded on assignment",
        index="btree_not_null",
        help="What counts as having happened when a handler is assigned.",
    )
    propose_supervisor = fields.Boolean(
        "Propose the supervisor as handler",
        help="The supervisor of who is complained about is proposed as handler.",
    )
    contact_by_handler = fields.Boolean(
        "Contact is made by the handler",
        help="Only contact by the person to whom a complaint is assigned counts as contact.",
    )
    # intake
    triage_channel_ids = fields.Many2many(
        "klachtenbeheer.channel",
        "klachtenbeheer_policy_triage_channel_rel",
        string="Decide first on",
        help="For what comes in here the coordinator first decides whether it is a complaint.",
    )
    hidden_accepts_limited = fields.Boolean(
        "Who stays unknown accepts a general answer",
        help="A complainant who wants to stay unknown must accept that the answer is general.",
    )
    at_once_by = fields.Selection(
        [("anybody", "Any employee"), ("handler", "Handlers")],
        "May handle at once",
        default="anybody",
        required=True,
        help="Who may settle a complaint while it is being registered.",
    )
    # serious complaints
    alert_serious = fields.Boolean(
        "Alert on serious complaints",
        help="Coordinator and director are alerted of very serious or sensitive complaints.",
    )
    consult_board = fields.Boolean(
        "Consult the board on serious complaints",
        help="A very serious or sensitive complaint can't be closed without a consultation.",
    )
    board_replaces = fields.Boolean(
        "The board takes over from the contact persons",
        help="A complaint about the coordinator or the director goes to the board.",
    )
    committee_advises = fields.Boolean(
        "A committee can advise",
        help="On the dossier it is said whether a committee advises on it; terms can depend on"
        " that.",
    )
    # register
    register_rule = fields.Selection(
        [
            ("always", "Every complaint"),
            ("unless_remedied", "Not what was remedied at once"),
            ("unless_solved", "Not what was solved in consultation"),
        ],
        "In the register",
        default="always",
        required=True,
    )
    repeat_threshold = fields.Integer(
        "Repeated from",
        help="This many complaints on one subject or person. 0: repetition has no consequences.",
    )
    repeat_months = fields.Integer("Repeated within (months)", default=12)
    check_registration = fields.Boolean(
        "Coordinator checks the registration", help="Needed before a complaint is closed."
    )
    # measures
    measure_feedback = fields.Boolean(
        "Results of measures are reported back",
        help="A measure is done when it is on record to whom its result was reported back.",
    )
    # informal phase
    informal_days = fields.Integer(
        "Warn when informal takes longer than (days)", default=14, help="0: never."
    )
    # oral explanation
    hearing_by_coordinator = fields.Boolean(
        "The coordinator leads the oral explanation",
        help="Or who stands in; not somebody else who handles the complaint.",
    )
    hearing_reply_days = fields.Integer(
        "Days to reply to an invitation",
        default=7,
        help="Without a reply by then the complainant does not use the opportunity.",
    )
    # after the answer
    lapse_closes = fields.Boolean(
        "Closes by itself", help="A complaint is closed when the right to object has lapsed."
    )
    # progress
    progress_days = fields.Integer(
        "Remind when nothing was heard for (days)",
        help="While a complaint is open the complainant hears something this often. 0: never.",
    )
