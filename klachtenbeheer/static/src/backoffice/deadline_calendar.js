import { registry } from "@web/core/registry";
import { calendarView } from "@web/views/calendar/calendar_view";

// An own name, hence an own class, for the style sheet: what has passed is not over here.
registry.category("views").add("deadline_calendar", { ...calendarView });
