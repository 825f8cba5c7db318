import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/**
 * A list of the dossier whose lines open in a dialog of their own: what its buttons do, they
 * do to what is saved. So what was typed on the dossier is saved first.
 */
export class DossierLinesField extends X2ManyField {
    setup() {
        super.setup();
        this.orm = useService("orm");
    }

    async onAdd() {
        await this.openDialog(false);
    }

    async openRecord(line) {
        await this.openDialog(line.resId);
    }

    async openDialog(lineId) {
        const { record, name } = this.props;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(record.resModel, "action_open_line", [
            [record.resId],
            name,
            lineId,
        ]);
        await this.action.doAction(action, { onClose: () => record.load() });
    }
}

registry.category("fields").add("dossier_lines", {
    ...x2ManyField,
    component: DossierLinesField,
});
