import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// In the order of the menu; what comes first needs no heading.
const GROUPS = [
    { name: "procedure" },
    { name: "people", label: _t("People") },
    { name: "dossier", label: _t("Add to the dossier") },
    { name: "letters", label: _t("Letters") },
];

/** Everything that can be done besides the next step, as the server lists it. */
export class ComplaintMore extends Component {
    static template = "klachtenbeheer.ComplaintMore";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    get groups() {
        const actions = this.props.record.data.more_actions || [];
        return GROUPS.map((group) => ({
            ...group,
            actions: actions.filter((action) => action.group === group.name),
        })).filter((group) => group.actions.length);
    }

    execute(action) {
        const { record } = this.props;
        this.env.onClickViewButton({
            clickParams: {
                type: "object",
                name: action.method,
                args: JSON.stringify(action.args),
            },
            getResParams: () =>
                pick(record, "context", "evalContext", "resModel", "resId", "resIds"),
        });
    }
}

registry.category("view_widgets").add("complaint_more", {
    component: ComplaintMore,
    fieldDependencies: [{ name: "more_actions", type: "json" }],
});
