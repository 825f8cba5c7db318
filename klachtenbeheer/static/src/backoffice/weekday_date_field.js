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
    static props = { ...DateTimeField.props, relative: { type: String, optional: true } };

    /** How far away the date is, as long as that matters: while some field is true. */
    get relativeText() {
        const { record, relative, readonly } = this.props;
        return relative && readonly && record.data[relative] ? formatRelative(this.values[0]) : "";
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
        relative: fieldInfo.options.relative,
    }),
    fieldDependencies: ({ options }) =>
        options.relative ? [{ name: options.relative, type: "boolean" }] : [],
    listViewWidth: ({ options }) => (options.relative ? 235 : 125),
};

registry.category("fields").add("weekday_date", weekdayDateField);
