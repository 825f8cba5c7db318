import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

// A tour per role, from its start page: what it finds where, without changing anything.

const menu = (xmlid) => `.o_main_navbar [data-menu-xmlid="klachtenbeheer.${xmlid}"]`;

const register = [
    {
        trigger: menu("intake_menu"),
        content: _t("Somebody calls with a complaint? Note it down here, while you talk."),
        run: "click",
    },
    {
        trigger: ".o_field_widget[name=description] textarea",
        content: _t("First what happened, in the words of the caller. That is enough to register."),
        run: "click",
    },
    {
        trigger: ".o_field_widget[name=complainant_name] input",
        content: _t("Who calls. With a number or address you see earlier complaints at once."),
        run: "click",
    },
];

const startPage = [
    {
        trigger: ".o_complaint_start_sections",
        content: _t("Here is what you have to do, the first date on top. Click a line to open it."),
        run: "click",
    },
    {
        trigger: menu("complaint_menu"),
        content: _t("All complaints are in this menu."),
        run: "click",
    },
    {
        trigger: '.o-dropdown--menu [data-menu-xmlid="klachtenbeheer.complaint_menu_all"]',
        content: _t("Open and closed ones together, to look something up."),
        run: "click",
    },
    {
        trigger: ".o_searchview_input",
        content: _t(
            "Search by reference, name, telephone number, e-mail or words of the complaint.",
        ),
        run: "click",
    },
];

const policies = [
    {
        trigger: menu("policy_menu"),
        content: _t("What your policy says is set up here."),
        run: "click",
    },
    {
        trigger: ".o_action_manager .o_view_controller",
        content: _t("Open one: on the page “Timeline” you see what it means for a complaint."),
        run: "click",
    },
];

const TOURS = {
    klachtenbeheer_registrar: register,
    klachtenbeheer_handler: [...startPage, ...register],
    klachtenbeheer_coordinator: [...startPage, ...register, ...policies],
    klachtenbeheer_director: [...startPage, ...policies],
    klachtenbeheer_manager: policies,
};

for (const [name, steps] of Object.entries(TOURS)) {
    registry.category("web_tour.tours").add(name, { steps: () => steps });
}
