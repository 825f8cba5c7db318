import logging

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

from ...tools import arguments

_logger = logging.getLogger(__name__)

OURS = "klachtenbeheer."
# What Python and PostgreSQL say of a value that is of another kind than it should be. What is
# not allowed, or busy, they say otherwise.
MISFITS = (
    TypeError,
    ValueError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    psycopg2.DataError,
    psycopg2.ProgrammingError,
)


class IrHttp(models.AbstractModel):
    """Calls of our models by programs: an argument that makes no sense is refused in a
    sentence, before or instead of anything being done. What the screens send always fits."""

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        call = cls._get_call_of_ours()
        if not call:
            return super()._dispatch(endpoint)
        model, method, values = call
        cls._check_arguments(values)
        try:
            result = super()._dispatch(endpoint)
            request.env.cr.flush()  # what doesn't fit into the database is found out here
        except MISFITS as error:
            # it may be our own fault as well, so whoever looks after the system can find it
            _logger.exception("A call of %s.%s made no sense", model, method)
            raise UserError(
                request.env._(
                    "Something in this request is not of the kind that belongs there (%s). Nothing"
                    " was changed.",
                    method,
                )
            ) from error
        return result

    @classmethod
    def _get_call_of_ours(cls):
        """Model, method and arguments when this request calls a method of one of our models."""
        call = cls._get_called()
        if not call or not all(isinstance(name, str) for name in call[:2]):
            return None
        if not call[0].startswith(OURS) or not request.db or call[0] not in request.env:
            return None
        return call

    @classmethod
    def _get_called(cls):
        """What the parameters say of model, method and arguments, as each way in has them:
        the web client's, the JSON API's and that of `/jsonrpc`."""
        params = request.params
        if "__model__" in params:
            values = {key: value for key, value in params.items() if key != "context"}
            return params["__model__"], params.get("__method__"), values
        args = params.get("args")
        if params.get("service") == "object" and isinstance(args, list):
            # database, user, password, model, method, arguments
            return (*args[3:5], args[5:]) if len(args) > 5 else None
        return params.get("model"), params.get("method"), [args, params.get("kwargs")]

    @classmethod
    def _check_arguments(cls, values):
        fault = arguments.find_fault(values, cls._get_file_keys())
        if fault:
            raise UserError(
                {
                    arguments.NUL: request.env._(
                        "A text holds a character that is none (NUL). Nothing was changed."
                    ),
                    arguments.NOT_TEXT: request.env._(
                        "A text holds half a character. Nothing was changed."
                    ),
                    arguments.TOO_LONG: request.env._(
                        "A text is longer than %s characters. Add it as a file instead. Nothing was"
                        " changed.",
                        arguments.LONGEST_TEXT,
                    ),
                    arguments.TOO_LARGE: request.env._(
                        "A number is larger than can be stored. Nothing was changed."
                    ),
                    arguments.TOO_DEEP: request.env._(
                        "This request is a list of lists of lists. Nothing was changed."
                    ),
                }[fault]
            )

    @classmethod
    def _get_file_keys(cls):
        """Fields whose value is a file, of our models and of attachments."""
        return {"datas", "raw"} | {
            name
            for model in request.env.registry
            if model.startswith(OURS)
            for name, field in request.env[model]._fields.items()
            if field.type == "binary"
        }
