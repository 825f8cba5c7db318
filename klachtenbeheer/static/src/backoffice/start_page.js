import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
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
        this.state = useState({ sections: [] });
        onWillStart(async () => {
            this.state.sections = await this.orm.call(
                "klachtenbeheer.start.page",
                "get_sections",
                [],
            );
        });
    }

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

    register() {
        this.action.doAction("klachtenbeheer.intake_action");
    }
}

registry.category("actions").add("klachtenbeheer.start_page", StartPage);
