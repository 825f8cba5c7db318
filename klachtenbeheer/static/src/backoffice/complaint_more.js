import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

// In the order of the menu; what comes first needs no heading.
const GROUPS = [
    { name: "procedure" },
    { name: "people", label: _t("People") },
    { name: "dossier", label: _t("Add to the dossier") },
    { name: "letters", label: _t("Letters") },
];

// The menus that are on the screen: what they offer is found by searching, too.
const mounted = new Set();

/**
 * What can be done besides the next step, as the server lists it. The menu shows what makes
 * sense now; all of it is found by searching (Ctrl+K).
 */
export class ComplaintMore extends Component {
    static template = "klachtenbeheer.ComplaintMore";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.command = useService("command");
        this.dialog = useService("dialog");
        onMounted(() => mounted.add(this));
        onWillUnmount(() => mounted.delete(this));
    }

    get actions() {
        return this.props.record.data.more_actions || [];
    }

    get groups() {
        const shown = this.actions.filter((action) => action.shown);
        return GROUPS.map((group) => ({
            ...group,
            actions: shown.filter((action) => action.group === group.name),
        })).filter((group) => group.actions.length);
    }

    get hasMore() {
        return this.actions.some((action) => !action.shown);
    }

    search() {
        this.command.openMainPalette();
    }

    execute(action) {
        if (!action.confirm) {
            return this.call(action);
        }
        this.dialog.add(ConfirmationDialog, {
            title: action.label,
            body: action.confirm,
            confirmLabel: action.label,
            confirm: () => this.call(action),
            cancel: () => {},
        });
    }

    call(action) {
        const { record } = this.props;
        return this.env.onClickViewButton({
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

registry.category("command_provider").add("klachtenbeheer.complaint_more", {
    provide: () =>
        [...mounted].flatMap((menu) =>
            menu.actions.map((action) => ({
                name: action.label,
                category: "smart_action",
                action: () => menu.execute(action),
            })),
        ),
});

registry.category("view_widgets").add("complaint_more", {
    component: ComplaintMore,
    fieldDependencies: [{ name: "more_actions", type: "json" }],
});
