from odoo import fields, models


class CalendarEvent(models.Model):
    """An appointment for a conversation on a complaint is in the calendars of those who are
    invited, and of nobody else: also who meets whom would tell (a record rule asks for
    `complaint_hearing_ids`)."""

    _inherit = "calendar.event"

    complaint_hearing_ids = fields.One2many(
        "klachtenbeheer.hearing", "calendar_event_id", groups=fields.NO_ACCESS
    )
