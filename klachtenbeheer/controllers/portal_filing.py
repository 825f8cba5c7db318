from odoo.http import request, route

from .portal import ComplaintPortal
from .portal_actions import FORM


class PortalFiling(ComplaintPortal):
    """Filing a complaint with an account."""

    @route("/my/klachten/nieuw", **FORM)
    def portal_complaint_new(self, policy="", form_key="", **form):
        policies = self._get_policies()
        chosen = policies.filtered(lambda line: line.code == policy)[:1]
        if len(policies) == 1 and not policy:
            chosen = policies
        if not policies or (policy and not chosen):
            raise request.not_found()
        if not chosen:
            return self._choose_policy(policies)
        if request.httprequest.method == "GET":
            return self._show_filing(chosen)
        return self._file(chosen, form_key, form)

    def _choose_policy(self, policies):
        several = len(policies.company_id) > 1
        values = self._prepare_portal_layout_values() | {
            "policies": [
                {
                    "code": policy.code,
                    "name": policy._get_public_label(),
                    "company": policy.company_id.name if several else False,
                }
                for policy in policies
            ],
            "page_name": "complaint_new",
        }
        return request.render("klachtenbeheer.portal_choose_policy", values)

    def _file(self, policy, form_key, form):
        complaints = self._get_complaints()
        vals, errors = complaints._read_filing(policy, form)
        if not form.get("description") and (self._read_files() or self._get_kept(form_key)):
            errors.pop("description", None)  # spoken, or a letter in a picture
        user = request.env.user

        def act(files, kept):
            complaint = complaints._file_from_portal(policy, vals, user)
            attachments = complaint._attach_uploads(files, kept)
            if attachments:
                text = request.env._("Sent along with the complaint")
                complaint._post_from_complainant(text, attachments, user.partner_id)
            return "filed", complaint

        submission, errors = self._send(form_key, act, "description", errors)
        if errors:
            return self._show_filing(policy, errors, form, form_key)
        return self._redirect_done(submission)

    def _show_filing(self, policy, errors=None, form=None, form_key=""):
        account = request.env.user.partner_id.sudo()  # their own name and address
        values = {
            **self._prepare_portal_layout_values(),
            **self._get_form_values(errors, form, form_key),
            "policy": {
                "code": policy.code,
                **self._get_shown_policy(policy),
            },
            "account": {
                "name": account.name,
                "email": account.email,
                "phone": account.phone,
            },
            "page_name": "complaint_new",
        }
        return request.render("klachtenbeheer.portal_file", values)

    def _get_shown_policy(self, policy):
        """What the form shows of a policy, in the language of the reader."""
        titles = policy._get_contact_titles()
        privacy = policy._get_page_text("privacy_text")
        director = policy._has_people("director") and policy._get_public_title("director")
        return {
            "label": policy._get_public_label(),
            "kinds": [
                (str(kind.id), policy._translate(kind.name), policy._get_shown_lang(kind.name))
                for kind in policy.complainant_kind_ids
            ],
            "may_hide": policy.hidden_accepts_limited,
            "privacy": policy._has_text(privacy) and policy._get_shown_html(privacy),
            "privacy_lang": policy._get_shown_lang(privacy),
            "privacy_translated": policy._is_shown_translated(privacy),
            "contacts": ", ".join(titles),
            "director": director if director not in titles else "",
        }
