import { Component, onMounted, onWillStart, onWillUnmount, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { useService } from "@web/core/utils/hooks";

// Told apart in black and white too: the second is light, and dashed as a line.
const COLOURS = ["#0b5d5b", "#b8c4c4"];
const HEIGHT = { line: 220, bar: 60 };
const BAR_HEIGHT = 34;

/** One chart, with its figures as a table below it. */
export class DashboardChart extends Component {
    static template = "klachtenbeheer.DashboardChart";
    static props = { chart: Object, open: Function };

    setup() {
        this.canvas = useRef("canvas");
        onMounted(() => this.draw());
        onWillUnmount(() => this.drawn?.destroy());
    }

    get height() {
        const { kind, rows } = this.props.chart;
        return kind === "line" ? HEIGHT.line : HEIGHT.bar + rows.length * BAR_HEIGHT;
    }

    /** What the chart shows, for who does not see it. */
    get alternative() {
        const { title, rows, unit } = this.props.chart;
        const told = rows.map(({ label, values }) =>
            // joined: in a template the platform's minifier drops the space
            [label, `${values[0] ?? "-"}${unit}`].join(" "),
        );
        return `${title}: ${told.join(", ")}`;
    }

    draw() {
        if (!this.canvas.el) {
            return;
        }
        const { kind, labels, rows, unit } = this.props.chart;
        const isLine = kind === "line";
        this.drawn = new Chart(this.canvas.el, {
            type: kind,
            data: {
                labels: rows.map((row) => row.label),
                datasets: labels.map((label, place) => ({
                    label,
                    data: rows.map((row) => row.values[place]),
                    backgroundColor: COLOURS[place],
                    borderColor: place && isLine ? "#5f6f6f" : COLOURS[place],
                    borderDash: place && isLine ? [6, 4] : [],
                    borderWidth: isLine ? 2 : 0,
                    pointRadius: isLine ? 3 : 0,
                    maxBarThickness: 18,
                })),
            },
            options: {
                animation: false,
                indexAxis: isLine ? "x" : "y",
                maintainAspectRatio: false,
                onClick: (_event, points) =>
                    points[0] && this.props.open(rows[points[0].index].action),
                plugins: {
                    legend: { display: labels.length > 1, position: "bottom" },
                    tooltip: {
                        callbacks: {
                            label: (item) => `${item.dataset.label}: ${item.formattedValue}${unit}`,
                        },
                    },
                },
                scales: { [isLine ? "y" : "x"]: { beginAtZero: true, ticks: { precision: 0 } } },
            },
        });
    }
}

/** The figures of who coordinates or leads; the server says which, and what is behind them. */
export class Dashboard extends Component {
    static template = "klachtenbeheer.Dashboard";
    static components = { DashboardChart };
    static props = {};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ figures: false, drawn: 0 });
        onWillStart(async () => {
            await Promise.all([this.load({}), loadBundle("web.chartjs_lib")]);
        });
    }

    async load(chosen) {
        this.state.figures = await this.orm.call(
            "klachtenbeheer.dashboard",
            "get_figures",
            [],
            chosen,
        );
        this.state.drawn++; // charts are drawn anew
    }

    choose(name, value) {
        const { policy, place, months } = this.state.figures.filters;
        const chosen = { policy, place, months, [name]: value };
        return this.load({ ...chosen, months: Number(chosen.months) });
    }

    open(action) {
        this.action.doAction(action);
    }
}
