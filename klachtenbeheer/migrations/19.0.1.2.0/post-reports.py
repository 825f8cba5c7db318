"""Reports are new: policies that are in use get those that their model policy asks for."""


def migrate(cr, version):
    """Copies of a model policy, by its source, get the plans of it from the day of the update on:
    nobody asked for reports over the years before."""
    cr.execute(
        """
        INSERT INTO klachtenbeheer_report_plan
                    (policy_id, company_id, type_id, sequence, clause, scheduled, start_on,
                     create_uid, create_date, write_uid, write_date)
             SELECT policy.id, policy.company_id, plan.type_id, plan.sequence, plan.clause,
                    plan.scheduled, CURRENT_DATE, 1, now() AT TIME ZONE 'UTC',
                    1, now() AT TIME ZONE 'UTC'
               FROM klachtenbeheer_report_plan plan
               JOIN klachtenbeheer_policy model
                 ON model.id = plan.policy_id AND model.is_template
               JOIN klachtenbeheer_policy policy
                 ON policy.source = model.source AND policy.is_template IS NOT TRUE
        ON CONFLICT DO NOTHING
        """
    )
