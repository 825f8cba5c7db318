from odoo.http import serialize_exception
from odoo.service.model import call_kw


class RpcMixin:
    """Calls as they come in over RPC: by public methods, with the rights of a user."""

    def call(self, actor, model, method, *args, **kwargs):
        """What a call by somebody gives; raises what it raises.

        :param actor: a key of `self.users`, or a user
        """
        user = self.users[actor] if isinstance(actor, str) else actor
        context = {"allowed_company_ids": user.company_ids.ids, "lang": user.lang}
        env = self.env(user=user, su=False, context=context)
        result = call_kw(env[model], method, [*args], kwargs)
        self.env.flush_all()
        return result

    def answer(self, actor, model, method, *args, **kwargs):
        """What the client would get: the result or the error, written out; it is undone."""
        self.env.flush_all()
        self.env.invalidate_all()
        told = {}
        with self.undone():
            try:
                with self.env.cr.savepoint():
                    told["result"] = self.call(actor, model, method, *args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client gets it
                told["error"] = serialize_exception(error)
        return told
