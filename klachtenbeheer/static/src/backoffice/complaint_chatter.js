import { Chatter } from "@mail/chatter/web_portal/chatter";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

const COMPLAINT = "klachtenbeheer.complaint";

/**
 * On a dossier nobody writes to the complainant by mistake: a message goes through its own
 * dialog, which says how it is read; what is typed here is a note, which says who reads it.
 */
patch(Chatter.prototype, {
    setup() {
        super.setup();
        this.complaintOrm = useService("orm");
    },

    get isOnComplaint() {
        return this.props.threadModel === COMPLAINT;
    },

    toggleComposer(mode = false, options) {
        return super.toggleComposer(
            this.isOnComplaint && mode === "message" ? "note" : mode,
            options,
        );
    },

    async writeToComplainant() {
        const action = await this.complaintOrm.call(COMPLAINT, "action_open_message", [
            [this.props.threadId],
        ]);
        await this.env.services.action.doAction(action, {
            onClose: () => this.load(this.state.thread, ["messages"]),
        });
    },
});
