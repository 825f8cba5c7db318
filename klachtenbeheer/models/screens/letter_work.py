from odoo import models
from odoo.exceptions import UserError

from ..letter.letter import DRAFT, FAILED, POST, READY

# As many letters as somebody waits for.
AT_ONCE = 20


class LetterWork(models.Model):
    """What is done with the letters of a list: each by itself, and what can't be done is said.
    Few at once, many as long work."""

    _inherit = "klachtenbeheer.letter"

    def action_send_prepared(self):
        """Send the letters of a list that are ready; the others stay, and why is said."""
        chosen = self.filtered(lambda letter: letter.primary_action == "send")
        if len(chosen) > AT_ONCE:
            return chosen._start_work("dispatch", self.env._("Send letters"))
        sent, refused = chosen._do_each("_send_prepared")
        lines = [self.env._("%s letters are on their way.", len(sent)), *map(": ".join, refused)]
        waiting = len(self - chosen)
        if waiting:
            lines.append(self.env._("%s others are not ready to be sent by e-mail.", waiting))
        return self._tell(lines, bool(refused))

    def action_print_for_post(self):
        """One PDF of the letters of a list that go by post: each gets its definite date and
        text. Those that can't are named, and what goes another way is left out."""
        chosen = self.filtered(lambda letter: letter._goes_in_the_post())
        if not chosen:
            raise UserError(self.env._("None of these letters has to be put in the post."))
        if len(chosen) > AT_ONCE:
            return chosen._start_work("printing", self.env._("Print letters for the post"))
        printed, refused = chosen._do_each("_print_for_post")
        show = printed.action_preview() if printed else False
        return self._tell(map(": ".join, refused), True, next_action=show) if refused else show

    def action_post_selected(self):
        """Put on record that the letters of a list are in the post since today."""
        if len(self) > AT_ONCE:
            return self._start_work("posting", self.env._("Mark letters as posted"))
        return self.action_mark_posted()

    def _goes_in_the_post(self):
        return self.delivery == POST and self.state in (DRAFT, READY, FAILED)

    def _print_for_post(self):
        if not (self.state == READY and self.attachment_id):
            self.action_send()

    def _send_prepared(self):
        if self.primary_action == "send":  # still
            self.action_send()

    def _do_each(self, method):
        """Do something with each letter in a savepoint of its own.

        :param method: name of a method of one letter
        :return: letters with which it was done, and of the others (reference, why not)
        """
        done, refused = self.browse(), []
        for letter in self:
            try:
                with self.env.cr.savepoint():
                    getattr(letter, method)()
                done |= letter
            except UserError as refusal:
                refused.append((letter.complaint_id.name, str(refusal)))
        return done, refused

    def _start_work(self, kind, name):
        works = self.env["klachtenbeheer.long.work"]
        worker = f"klachtenbeheer.letter.{kind}"
        return works._start(worker, name, {"ids": self.ids}, len(self))

    def _tell(self, lines, is_problem, next_action=None):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if is_problem else "success",
                "message": " ".join(lines),
                "sticky": is_problem,
                "next": next_action or {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class LetterPieces(models.AbstractModel):
    """Many letters: each by itself, those that can't with their reason."""

    _name = "klachtenbeheer.letter.pieces"
    _description = "Many Letters"
    _inherit = ["klachtenbeheer.long.worker"]

    _method = None  # of one letter

    def _do_pieces(self, work, pieces):
        # a letter may be gone since, or not be the user's business any more
        letters = self.env["klachtenbeheer.letter"].browse(pieces).exists()._filtered_access("read")
        done, refused = letters._do_each(self._method)
        for place, text in refused:
            work._note_problem(place, text)
        work._note_result(*done.ids)

    def _find_letters(self, work):
        """Those with which it was done and that the user may still see."""
        letters = self.env["klachtenbeheer.letter"].browse(work.result or [])
        return letters.exists()._filtered_access("read")


class LetterPrinting(models.AbstractModel):
    """Many letters for the post: the result is one PDF, put together when it is asked for, so
    that it is kept nowhere beside the dossiers."""

    _name = "klachtenbeheer.letter.printing"
    _description = "Printing of Letters"
    _inherit = ["klachtenbeheer.letter.pieces"]

    _method = "_print_for_post"

    def _describe_result(self, work):
        return self.env._("%s letters are ready to be printed.", len(work.result or []))

    def _get_result_action(self, work):
        letters = self._find_letters(work)
        if not letters:
            raise UserError(self.env._("There is no letter to print."))
        return letters.action_preview()


class LetterDispatch(models.AbstractModel):
    """Many letters by e-mail: the result is the list of them, with what became of each."""

    _name = "klachtenbeheer.letter.dispatch"
    _description = "Sending of Letters"
    _inherit = ["klachtenbeheer.letter.pieces"]

    _method = "_send_prepared"

    def _describe_result(self, work):
        return self.env._("%s letters are on their way.", len(work.result or []))

    def _get_result_action(self, work):
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.letter_action")
        return action | {"domain": [("id", "in", work.result or [])], "context": {}}


class LetterPosting(models.AbstractModel):
    """Many letters that are in the post: the result is the list of them."""

    _name = "klachtenbeheer.letter.posting"
    _description = "Posting of Letters"
    _inherit = ["klachtenbeheer.letter.dispatch"]

    _method = "action_mark_posted"

    def _describe_result(self, work):
        return self.env._("%s letters are on record as posted.", len(work.result or []))
