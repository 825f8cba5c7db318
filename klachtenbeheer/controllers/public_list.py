from odoo.http import request, route

from odoo.addons.web.controllers.home import Home

from .public_page import PublicPage

FOUND = {"Cache-Control": "no-cache"}  # these pages are meant to be found
SITEMAP = "/klachtenregeling/sitemap.xml"
PAGE = {
    "type": "http",
    "auth": "public",
    "website": True,
    "methods": ["GET"],
    "save_session": False,
}
SITEMAP_PAGE = {**PAGE, "website": False, "sitemap": False}
# What programs that fill the index of a search engine may read: no forms, no codes.
ROBOTS = (
    "/klacht$",
    "/klachtenregeling",
    "/*/klacht$",
    "/*/klachtenregeling",
    "/klachtenbeheer/static/",
)


def list_pages(env, _rule, _query):
    """The addresses of our pages for the platform's own site map, where there is one."""
    for path in get_paths(env):
        yield {"loc": path}


def get_paths(env):
    """What may be found: the two lists, and each published regulation."""
    policies = env["klachtenbeheer.policy"]._get_public_policies()
    return ["/klacht", "/klachtenregeling", *(f"/klachtenregeling/{p.code}" for p in policies)]


class PublicList(PublicPage):
    """Where to begin for who does not know an address: what can one complain about here?"""

    @route("/klacht", sitemap=list_pages, **PAGE)
    def complaints(self, **params):
        return self._render_list("klachtenbeheer.public_list", params)

    @route("/klachtenregeling", sitemap=False, **PAGE)
    def regulations(self, **params):
        return self._render_list("klachtenbeheer.public_regulations", params)

    @route("/klachten", sitemap=False, multilang=False, **PAGE)
    def complaints_too(self, **_params):
        """What people type when they guess."""
        return request.redirect("/klacht", code=301)

    @route(SITEMAP, **SITEMAP_PAGE)
    def sitemap(self, **_params):
        values = {"base": request.httprequest.url_root.rstrip("/"), "paths": get_paths(request.env)}
        content = request.env["ir.qweb"]._render("klachtenbeheer.public_sitemap", values)
        return request.make_response(
            '<?xml version="1.0" encoding="UTF-8"?>\n' + str(content).strip(),
            headers=[("Content-Type", "application/xml; charset=utf-8")],
        )

    def _render_list(self, template, params):
        self._choose_language(params)
        policies = request.env["klachtenbeheer.policy"]._get_public_policies()
        values = {
            "policies": policies.with_context(lang=request.env.lang),
            "companies": policies.company_id,
        }
        if len(policies.company_id) == 1:
            values["res_company"] = policies.company_id
        return self._render(template, values, extra=FOUND)


class Robots(Home):
    """Programs of search engines may read what is meant to be found."""

    def _get_allowed_robots_routes(self):
        return [*super()._get_allowed_robots_routes(), *ROBOTS]

    @route()
    def robots(self, **kwargs):
        response = super().robots(**kwargs)
        if not getattr(response, "template", None):  # the module website tells its own
            root = request.httprequest.url_root.rstrip("/")
            response.set_data(f"{response.get_data(as_text=True)}\nSitemap: {root}{SITEMAP}\n")
        return response
