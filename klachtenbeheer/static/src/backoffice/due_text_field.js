import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatRelative } from "./weekday_date_field";

// Never by colour alone: each state has its icon, and its name for who can't see either.
export const ICONS = {
    overdue: "fa-exclamation-circle",
    soon: "fa-clock-o",
    waiting: "fa-hourglass-half",
};

/** What is due, in the colour of its urgency, with its explanation on hover. */
export class DueTextField extends Component {
    static template = "klachtenbeheer.DueTextField";
    static props = {
        ...standardFieldProps,
        stateField: { type: String, optional: true },
        dateField: { type: String, optional: true },
        explanationField: { type: String, optional: true },
    };

    get data() {
        return this.props.record.data;
    }

    get text() {
        const value = this.data[this.props.name];
        return (value && typeof value === "object" ? value.display_name : value) || "";
    }

    get state() {
        return this.data[this.props.stateField] || "none";
    }

    get stateLabel() {
        const field = this.props.record.fields[this.props.stateField];
        return Object.fromEntries(field?.selection || [])[this.state];
    }

    get icon() {
        return ICONS[this.state];
    }

    get relative() {
        return formatRelative(this.data[this.props.dateField]);
    }

    get explanation() {
        return this.data[this.props.explanationField] || "";
    }
}

export const dueTextField = {
    component: DueTextField,
    supportedTypes: ["char", "many2one"],
    extractProps: ({ options }) => ({
        stateField: options.state_field,
        dateField: options.date_field,
        explanationField: options.explanation_field,
    }),
    fieldDependencies: ({ options }) =>
        [
            [options.state_field, "selection"],
            [options.date_field, "date"],
            [options.explanation_field, "char"],
        ]
            .filter(([name]) => name)
            .map(([name, type]) => ({ name, type })),
    // it wraps, so that beside it there is room for what it is about
    listViewWidth: ({ options }) => (options.date_field ? [290, 420] : [160, 380]),
};

registry.category("fields").add("due_text", dueTextField);
