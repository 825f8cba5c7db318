from odoo import models

from .incoming import QUEUE


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def load_web_menus(self, debug):
        """How many mails wait to be sorted stands in the menu. The platform has no counter for
        a menu, so it is put behind the name on its way to the web client; nothing is stored.
        """
        menus = super().load_web_menus(debug)
        menu_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "klachtenbeheer.incoming_menu", raise_if_not_found=False
        )
        incoming = self.env["klachtenbeheer.incoming"]
        if menu_id not in menus or not incoming.has_access("read"):
            return menus
        count = incoming.search_count([("state", "=", QUEUE)])
        if not count:
            return menus
        name = f"{menus[menu_id]['name']} ({count})"
        return {**menus, menu_id: {**menus[menu_id], "name": name}}
