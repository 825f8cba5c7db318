import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY = 2000; // milliseconds
const UNFINISHED = ["waiting", "running"];

/** Looks again how far a piece of long work is, as long as it is on the screen and goes on. */
export class LongWorkWatch extends Component {
    static template = xml`<span class="d-none" />`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.look(), EVERY);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async look() {
        if (!UNFINISHED.includes(this.props.record.data.state)) {
            clearInterval(this.timer);
        } else if (!document.hidden) {
            await this.props.record.load();
        }
    }
}

registry.category("view_widgets").add("long_work_watch", { component: LongWorkWatch });
