import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/**
 * Whoever looks for a dossier finds it, closed or not: typing something to look for takes the
 * filter on open complaints away. That can be put back.
 */
export class ComplaintSearchModel extends SearchModel {
    addAutoCompletionValues(searchItemId, autocompleteValue) {
        if (this.searchItems[searchItemId].fieldName === "search_text") {
            this.query = this.query.filter(
                (element) => this.searchItems[element.searchItemId].name !== "open",
            );
        }
        super.addAutoCompletionValues(searchItemId, autocompleteValue);
    }
}

registry
    .category("views")
    .add("complaint_list", { ...listView, SearchModel: ComplaintSearchModel })
    .add("complaint_kanban", { ...kanbanView, SearchModel: ComplaintSearchModel });
