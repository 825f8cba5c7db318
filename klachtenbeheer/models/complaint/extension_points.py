from odoo import models


class ComplaintExtensionPoints(models.AbstractModel):
    """What the written sequences of a complaint ask of the rooms above: empty here, filled in
    by the one method that the docstring names, without `super()`.

    So the complaint knows no higher room, and nothing depends on the order in which files are
    loaded: a mixin comes before whatever extends the model (`tests/repo/test_models.py`).
    The sequences: `registration.py` `_after_registration`, `storing.py` `write`,
    `procedure.py` `_do_record_event`, `closing.py` `_get_open_duties`.
    """

    _name = "klachtenbeheer.complaint.extension"
    _description = "What Other Rooms Add to a Complaint"

    # ---------------------------------------------------------------- who may

    def _check_may_assign(self):
        """`access/permission.py`: refuse who may not say who handles these complaints."""

    def _check_writable_fields(self, vals):
        """`access/permission.py`: refuse fields that the user may not write here."""

    def _check_may_record(self, event_type):
        """`access/recording.py`: refuse what is not recorded by hand, or not by this user."""

    def _check_power(self, event_type):
        """`access/recording.py`: refuse who has not the power that a kind of event asks."""

    def _has_power(self, power, user=None):
        """`access/power.py`: whether a user has a power on these dossiers."""
        return False

    def _get_power_domain(self, power):
        """`access/power.py`: the dossiers on which the user has a power."""

    def _get_readable_domain(self):
        """`access/respondent.py`: the dossiers into whose content the user looks."""

    # ---------------------------------------------------------------- who sees

    def _end_first_ties_of_respondents(self):
        """`access/respondent.py`: people complained about don't follow a new dossier."""

    def _end_ties_of_respondents(self):
        """`access/respondent.py`: end every tie of people complained about."""

    def _hide_identity(self):
        """`access/identity.py`: move who complained to where only the coordinator looks."""

    def _sync_identity(self, vals):
        """`access/identity.py`: hide or show who complained, after these values."""

    # ---------------------------------------------------------------- privacy

    def _get_privacy_refusal(self):
        """`privacy/guard.py`: why nothing may be done with a dossier any more: text, or False."""
        return False

    def _check_privacy(self):
        """`privacy/guard.py`: refuse changes to what was anonymised, or is restricted."""

    # ---------------------------------------------------------------- the dossier

    def _replace_in_conversations(self):
        """`dossier/investigation.py`: people complained about lead no conversation."""

    def _tell_measures(self, day):
        """`dossier/afterwards.py`: the complainant was told of all measures so far."""

    def _get_open_lines(self):
        """`dossier/afterwards.py`: what on the dossier waits for somebody: list of `Missing`."""
        return []

    def _get_conversation_marks(self):
        """`dossier/investigation.py`: conversations on the picture of time: list of `Mark`."""
        return []

    def _get_letter_marks(self):
        """`letter/complaint.py`: letters that no event stands for, likewise."""
        return []

    # ---------------------------------------------------------------- what is next

    def _get_unfinished_text(self):
        """`screens/next_step.py`: what comes before closing, in words; False where nothing does."""
        return False

    # ---------------------------------------------------------------- letters

    def _send_by_themselves(self):
        """`letter/by_itself.py`: send the letters that a policy sends on receipt."""

    # ---------------------------------------------------------------- mail

    def _hide_message_ids(self):
        """`mail/complaint.py`: the ids of hidden messages do not tell whose mail it was."""

    def _is_passed_on(self, message, msg_vals):
        """`mail/complaint.py`: whether followers are told of a message at all."""
        return True
