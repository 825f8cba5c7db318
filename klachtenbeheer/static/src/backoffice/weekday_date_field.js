import { DateTimeField, dateField } from "@web/views/fields/datetime/datetime_field";
import { registry } from "@web/core/registry";

// A date of a procedure is never read without its weekday and year: "vr 3 apr 2026".
const FORMAT = "ccc d LLL yyyy";

export function formatWeekdayDate(value) {
    return value ? value.toFormat(FORMAT) : "";
}

export function formatRelative(value) {
    return value ? value.toRelativeCalendar({ unit: "days" }) : "";
}

export class WeekdayDateField extends DateTimeField {
    static template = "klachtenbeheer.WeekdayDateField";
    static props = { ...DateTimeField.props, relative: { type: Boolean, optional: true } };

    get relativeText() {
        return this.props.relative && this.props.readonly ? formatRelative(this.values[0]) : "";
    }

    getFormattedValue(valueIndex, numeric = this.props.numeric) {
        return numeric
            ? super.getFormattedValue(valueIndex, numeric)
            : formatWeekdayDate(this.values[valueIndex]);
    }
}

export const weekdayDateField = {
    ...dateField,
    component: WeekdayDateField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...dateField.extractProps(fieldInfo, dynamicInfo),
        relative: Boolean(fieldInfo.options.relative),
    }),
    listViewWidth: ({ options }) => (options.relative ? [210, 240] : 130),
};

registry.category("fields").add("weekday_date", weekdayDateField);
