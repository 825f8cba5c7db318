import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";

const PAGE = "/klachtenbeheer/static/manual/handleiding.html";
const APP = "klachtenbeheer.root_menu";
const POLICY = "een-regeling-instellen-functioneel-beheerder";
const PRIVACY = "hoe-lang-een-dossier-blijft-coördinator";
const REPORTS = "rapporten-coördinator-directie-bestuur";
const FIGURES = "cijfers-naast-het-werk";

// The section of the manual about a screen: by its model, or by the tag of its action.
const SECTIONS = {
    "klachtenbeheer.start_page":
        "wat-moet-ik-vandaag-doen-coördinator-behandelaar-directie-bestuur",
    "klachtenbeheer.intake": "een-klacht-aannemen-iedere-medewerker",
    "klachtenbeheer.complaint": "een-klacht-behandelen",
    "klachtenbeheer.deadline": "een-termijn-begrijpen",
    "klachtenbeheer.event": "iets-klopt-niet",
    "klachtenbeheer.letter": "brieven",
    "klachtenbeheer.hearing": "gesprekken",
    "klachtenbeheer.objection": "de-klager-is-het-er-niet-mee-eens",
    "klachtenbeheer.referral": "naar-een-externe-instantie",
    "klachtenbeheer.ruling": "de-regeling-zegt-er-niets-over",
    "klachtenbeheer.measure": "maatregelen-en-aanbevelingen",
    "klachtenbeheer.pattern": "patronen",
    "klachtenbeheer.absence": "afwezig",
    "klachtenbeheer.incoming": "e-mail-die-een-mens-moet-bekijken-coördinator",
    "klachtenbeheer.register.export": "register-en-herhaling",
    "klachtenbeheer.register.import": "een-bestaand-register-overnemen-coördinator",
    "klachtenbeheer.long.work": "werk-dat-doorgaat",
    "klachtenbeheer.report": REPORTS,
    "klachtenbeheer.report.making": REPORTS,
    "klachtenbeheer.report.plan": REPORTS,
    "klachtenbeheer.report.type": REPORTS,
    "klachtenbeheer.complaint.figures": FIGURES,
    "klachtenbeheer.duty.figures": FIGURES,
    "klachtenbeheer.evaluation": "de-regeling-evalueren",
    "klachtenbeheer.policy": POLICY,
    "klachtenbeheer.policy.setup": POLICY,
    "klachtenbeheer.channel": POLICY,
    "klachtenbeheer.closed.day": POLICY,
    "klachtenbeheer.event.type": POLICY,
    "klachtenbeheer.requirement": POLICY,
    "klachtenbeheer.verdict": POLICY,
    "klachtenbeheer.breach": PRIVACY,
    "klachtenbeheer.erasure": PRIVACY,
    "klachtenbeheer.erasure.replay": PRIVACY,
    "klachtenbeheer.reading": PRIVACY,
    "klachtenbeheer.subject.request": PRIVACY,
    "klachtenbeheer.transfer.format": PRIVACY,
};

/** Leads from each of our screens to its section of the manual, in a window beside it. */
export class HelpLink extends Component {
    static template = "klachtenbeheer.HelpLink";
    static props = {};

    setup() {
        this.action = useService("action");
        useBus(this.env.bus, "ACTION_MANAGER:UI-UPDATED", () => this.render());
    }

    get href() {
        const { res_model: model, tag } = this.action.currentController?.action || {};
        const section = SECTIONS[model || tag];
        return section ? `${PAGE}#${encodeURIComponent(section)}` : PAGE;
    }
}

registry.category("systray").add("klachtenbeheer.help", {
    Component: HelpLink,
    isDisplayed: (env) => env.services.menu.getCurrentApp()?.xmlid === APP,
});
