import { registry } from "@web/core/registry";

/** Something is done: say so, and return to where it was begun, or else to its dossier. */
async function showDone(env, action) {
    const { message, model, res_id: resId } = action.params;
    env.services.notification.add(message, { type: "success" });
    try {
        await env.services.action.restore();
    } catch {
        // opened from a link: there is nothing to return to
        await env.services.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: model,
                res_id: resId,
                views: [[false, "form"]],
            },
            { clearBreadcrumbs: true },
        );
    }
}

registry.category("actions").add("klachtenbeheer.done", showDone);
