from odoo import models


class LongWorker(models.AbstractModel):
    """A kind of long work, as `long_work.py` works it off: what its pieces are, how a few of them
    are done, and what there is to see when all are.

    The methods run with the rights of whoever asked for the work. What a batch of pieces changes
    is committed together with how far the work is: after a kill a batch is done anew, or not again.
    """

    _name = "klachtenbeheer.long.worker"
    _description = "Kind of Long Work"

    _pieces_at_once = 10  # between two commits

    def _get_pieces(self, work):
        """Hook: what there is to do, in an order that is the same each time.

        :param work: as the system; `arguments` and `_get_file()` say what was asked for
        :return: list
        :raises UserError: it can't be done at all, and why
        """
        return work.arguments["ids"]

    def _do_pieces(self, work, pieces):
        """Hook: do a few of them, in a savepoint; notes with `work._note_problem` and
        `work._note_result` what came of it.

        :raises UserError: the work as a whole can't go on, and why
        """
        raise NotImplementedError

    def _finish(self, work):
        """Hook: after the last of them, in the same savepoint."""

    def _get_result_action(self, work):
        """Hook: the action that shows the result to whoever asked for it."""
        raise NotImplementedError

    def _describe_result(self, work):
        """Hook: what came of it, in one sentence."""
        return self.env._("Done: %s.", work.total)
