import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { formatRelative, formatWeekdayDate } from "./weekday_date_field";

/**
 * The complaint itself, before anything else: the words of the complainant, who that is, about
 * whom, and since when. Shows what the form has; it is changed on the page “Complaint”.
 */
export class ComplaintHead extends Component {
    static template = "klachtenbeheer.ComplaintHead";
    static props = { ...standardWidgetProps };

    setup() {
        this.words = useRef("words");
        this.state = useState({ isWhole: false, isCut: false });
        useEffect(
            () => {
                const element = this.words.el;
                this.state.isCut = Boolean(
                    element &&
                    !this.state.isWhole &&
                    element.scrollHeight > element.clientHeight + 2,
                );
            },
            () => [this.data.description, this.state.isWhole],
        );
    }

    get data() {
        return this.props.record.data;
    }

    get received() {
        return formatWeekdayDate(this.data.received_on);
    }

    get receivedRelative() {
        return formatRelative(this.data.received_on);
    }

    getLabel(name) {
        const options = Object.fromEntries(this.props.record.fields[name]?.selection || []);
        return (options[this.data[name]] || "").toLowerCase();
    }

    getName(name) {
        return this.data[name]?.display_name || "";
    }

    get respondents() {
        const people = (this.data.respondent_ids?.records || []).map(
            (record) => record.data.display_name,
        );
        return [...people, this.data.respondent_text].filter(Boolean).join(", ");
    }

    readAll() {
        this.state.isWhole = !this.state.isWhole;
    }
}

registry.category("view_widgets").add("complaint_head", { component: ComplaintHead });
