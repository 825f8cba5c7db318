import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Everything that can be done besides the next step, as the server lists it. */
export class ComplaintMore extends Component {
    static template = "klachtenbeheer.ComplaintMore";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    get actions() {
        return this.props.record.data.more_actions || [];
    }

    getActions(group) {
        return this.actions.filter((action) => action.group === group);
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
