import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Dashboard } from "./dashboard";
import { ICONS } from "./due_text_field";
import { formatRelative, formatWeekdayDate } from "./weekday_date_field";

/** What is due, what else is mine, what waits for somebody else; the server says what that is. */
export class StartPage extends Component {
    static template = "klachtenbeheer.StartPage";
    static components = { Dashboard, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.tours = useService("tour_service");
        this.state = useState({ sections: [], setup: { items: [] } });
        onWillStart(async () => {
            [this.state.sections, this.state.setup] = await Promise.all([
                this.orm.call("klachtenbeheer.start.page", "get_sections", []),
                this.orm.call("klachtenbeheer.start.page", "get_setup", []),
            ]);
        });
    }

    openLabel = _t("To do");

    getDate(line) {
        return line.day && formatWeekdayDate(deserializeDate(line.day));
    }

    getRelative(line) {
        return line.day && formatRelative(deserializeDate(line.day));
    }

    getIcon(line) {
        return ICONS[line.urgency];
    }

    getHref(line) {
        return `/odoo/m-${line.model}/${line.id}`;
    }

    open(line) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: line.model,
            res_id: line.id,
            views: [[false, "form"]],
        });
    }

    showAll(link) {
        this.action.doAction(link.action);
    }

    get openItems() {
        return this.state.setup.items.filter((item) => !item.done);
    }

    setUp(item) {
        if (item.action === "practise") {
            return this.practise();
        }
        return this.action.doAction(item.action);
    }

    async practise() {
        const action = await this.orm.call("klachtenbeheer.policy", "action_open_practice", []);
        await this.action.doAction(action);
    }

    showTour() {
        this.tours.startTour(this.state.setup.tour, { mode: "manual" });
    }

    register() {
        this.action.doAction("klachtenbeheer.intake_action");
    }
}

registry.category("actions").add("klachtenbeheer.start_page", StartPage);
