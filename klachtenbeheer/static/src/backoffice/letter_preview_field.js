import { Component, onMounted, onWillUnmount, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const EDITOR = '.o_field_widget[name="body"] .odoo-editor-editable';
const PAUSE = 300; // milliseconds without typing

/**
 * The letter as it looks, beside its text. The server draws it; while somebody types, the text
 * itself is shown at once. In a frame without scripts, so that its styles stay its own.
 */
export class LetterPreviewField extends Component {
    static template = "klachtenbeheer.LetterPreviewField";
    static props = { ...standardFieldProps };

    setup() {
        this.frame = useRef("frame");
        this.onInput = this.onInput.bind(this);
        onMounted(() => {
            this.form = this.frame.el?.closest(".o_form_view");
            this.form?.addEventListener("input", this.onInput);
        });
        onWillUnmount(() => {
            this.form?.removeEventListener("input", this.onInput);
            clearTimeout(this.timer);
        });
    }

    get html() {
        return this.props.record.data[this.props.name] || "";
    }

    onInput() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            const editor = this.form.querySelector(EDITOR);
            const text = this.frame.el?.contentDocument?.querySelector(".kb-text");
            if (editor && text) {
                text.replaceChildren(...[...editor.cloneNode(true).childNodes]);
            }
        }, PAUSE);
    }
}

registry.category("fields").add("letter_preview", {
    component: LetterPreviewField,
    supportedTypes: ["char"],
});
