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

    def _is_coordinated_by(self, user):
        """`access/coordination.py`: whether a user has the powers of the coordinator here."""
        return False

    def _get_coordinated_domain(self):
        """`access/coordination.py`: the dossiers that the user coordinates."""

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

    # ---------------------------------------------------------------- the dossier

    def _replace_in_conversations(self):
        """`dossier/investigation.py`: people complained about lead no conversation."""

    def _tell_measures(self, day):
        """`dossier/afterwards.py`: the complainant was told of all measures so far."""

    def _get_open_lines(self):
        """`dossier/afterwards.py`: what on the dossier waits for somebody: list of `Missing`."""
        return []

    # ---------------------------------------------------------------- mail

    def _hide_message_ids(self):
        """`mail/complaint.py`: the ids of hidden messages do not tell whose mail it was."""

    def _is_passed_on(self, message, msg_vals):
        """`mail/complaint.py`: whether followers are told of a message at all."""
        return True
