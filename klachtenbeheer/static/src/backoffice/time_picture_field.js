import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const KINDS = {
    event: _t("What happened"),
    letter: _t("Letter"),
    conversation: _t("Conversation"),
    planned: _t("Planned conversation"),
    duty: _t("Term"),
    right: _t("What the complainant may still do"),
};

/**
 * The course of a complaint: marks, bars and today on one line, as the server drew them.
 * Each is a button that explains itself and opens what it stands for; below it is the same as a
 * list.
 */
export class TimePictureField extends Component {
    static template = "klachtenbeheer.TimePictureField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({ item: null });
    }

    get picture() {
        return this.props.record.data[this.props.name] || null;
    }

    /** Everything in the order of time, for the list. */
    get items() {
        const { marks, rows } = this.picture;
        const dated = [
            ...marks.map((mark) => ({ ...mark, sorted: mark.day })),
            ...rows.map((row) => ({ ...row, sorted: row.due })),
        ];
        return dated.sort((one, other) => (one.sorted < other.sorted ? -1 : 1));
    }

    getTick(tick) {
        return deserializeDate(tick.day).toFormat("d LLL");
    }

    getTickYear(tick) {
        const { ticks } = this.picture;
        const year = tick.day.slice(0, 4);
        const index = ticks.indexOf(tick);
        return !index || ticks[index - 1].day.slice(0, 4) !== year ? year : "";
    }

    /** The one sentence that a mark or bar says of itself. */
    describe(item) {
        const parts = [`${item.label}: ${item.date}`];
        if (item.state_label) {
            parts.push(item.state_label.toLowerCase());
        }
        if (item.extended) {
            parts.push(_t("extended"));
        }
        const sentence = parts.join(", ");
        return item.text ? `${sentence}. ${item.text}` : `${sentence}.`;
    }

    getKind(item) {
        return KINDS[item.kind] || "";
    }

    explain(item) {
        this.state.item = item;
    }

    async open(item) {
        this.state.item = item;
        if (!item.opens) {
            return;
        }
        const [model, id] = item.opens;
        if (!(await this.props.record.save())) {
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: item.label,
                res_model: model,
                res_id: id,
                views: [[false, "form"]],
                target: model === "klachtenbeheer.letter" ? "current" : "new",
            },
            { onClose: () => this.props.record.load() },
        );
    }

    onKeydown(ev, item) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.open(item);
        }
    }
}

registry.category("fields").add("time_picture", {
    component: TimePictureField,
    supportedTypes: ["json"],
});
