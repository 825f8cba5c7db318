import { Component, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/** What is missing for the next step; each item leads to where it is filled in. */
export class MissingItemsField extends Component {
    static template = "klachtenbeheer.MissingItemsField";
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    async show(item) {
        const form = this.root.el.closest(".o_form_view");
        const find = () => form.querySelector(`.o_field_widget[name="${item.field}"]`);
        const tabs = [...form.querySelectorAll(".o_notebook_headers .nav-link")];
        let element = find();
        while (!element && tabs.length) {
            tabs.shift().click();
            await nextFrame();
            await nextFrame();
            element = find();
        }
        element?.scrollIntoView({ block: "center" });
        element
            ?.querySelector("input, textarea, select, [contenteditable=true], button, a")
            ?.focus();
    }
}

registry.category("fields").add("missing_items", {
    component: MissingItemsField,
    supportedTypes: ["json"],
});
