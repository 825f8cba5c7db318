"""Our side: creating complaints, the daily job on a small and a large register, a letter as PDF."""

import os
import statistics
import time
from datetime import timedelta

import measure
import register

SOURCE = "klachtenbeheer.policy_ba"  # three terms start on receipt
DUE = 10
SMALL, LARGE = 1_000, int(os.environ.get("LARGE") or 100_000)
JOB_ROUNDS = 9
LETTERS = 10
GROUP_OF = {"deputy": "coordinator"}  # roles whose group has another name
LONG_AGO = 60  # days: everything that a complaint of then has to do is overdue


def run(env):
    """Return the figures."""
    policy = publish(env)
    complaints = env["klachtenbeheer.complaint"]

    def values(days_ago=0):
        today = env.company._complaint_today()
        return {
            "title": "De bus kwam drie keer niet",
            "description": "<p>De bus kwam drie keer niet.</p>",
            "policy_id": policy.id,
            "channel": "email",
            "received_on": today - timedelta(days=days_ago),
            "complainant_name": "Kees Klager",
            "complainant_email": "kees@example.com",
        }

    figures = {"job_small": daily_job(env, SMALL, values)}
    figures.update(measure.creation(env, complaints, values))
    figures["terms"] = len(complaints.search([], limit=1, order="id desc").deadline_ids)
    figures["letter"] = letter(env, complaints.create(values()))
    figures["job_large"] = daily_job(env, LARGE, values)
    return figures


def publish(env):
    """Return the company's own published copy of a source policy, made with the set-up dialog."""
    setup = env["klachtenbeheer.policy.setup"].create(
        {
            "template_id": env.ref(SOURCE).id,
            "company_id": env.company.id,
            "effective_from": "2020-01-01",
        }
    )
    for line in setup.role_ids:
        line.write(somebody(env, line.role))
    for line in setup.placeholder_ids:
        line.value = line.value or "klachten@example.com"
    setup.action_publish()
    policy = env["klachtenbeheer.policy"].search([("code", "=", setup.code)], limit=1)
    if policy.state != "published":
        policy.with_user(policy._get_role_users(policy.approval_role)[0]).action_publish()
    env.cr.commit()
    return policy


def somebody(env, role):
    """Return who has a role of the policy: a new user of that group, or somebody from outside."""
    group = env.ref(f"klachtenbeheer.group_{GROUP_OF.get(role, role)}", raise_if_not_found=False)
    if not group:
        return {"partner_id": env["res.partner"].create({"name": f"Bench {role}"}).id}
    user = env["res.users"].create(
        {"name": f"Bench {role}", "login": f"bench_{role}", "group_ids": [(4, group.id)]}
    )
    return {"user_ids": [(4, user.id)]}


def letter(env, complaint):
    """Return the seconds for laying out a one-page letter, once the style sheets are read."""
    draft = complaint.prepare_letter("acknowledgement")
    return measure.median(env, draft._render_pdf, LETTERS)


def daily_job(env, size, values):
    """Return the seconds of a daily job with 10 complaints overdue among a number of complaints."""
    grow(env, size, values)
    job = env["klachtenbeheer.daily.job"]
    job._cron_run()  # what is left of before
    complaints = env["klachtenbeheer.complaint"]
    figures = []
    for _ in range(JOB_ROUNDS):
        due = complaints.create([values(LONG_AGO) for _ in range(DUE)])
        env.cr.commit()
        figures.append(measure.seconds(env, job._cron_run))
        assert all(due.deadline_ids.filtered("is_open").mapped("signalled_on"))
    return statistics.median(figures)


def grow(env, size, values):
    """Fill the register with complaints received today until there are about so many."""
    complaints = env["klachtenbeheer.complaint"]
    start = time.monotonic()
    missing = size - complaints.search_count([])
    fresh = complaints.create([values() for _ in range(min(missing, measure.BULK))])
    if missing > measure.BULK:
        register.multiply(env, fresh, missing // measure.BULK)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    count = complaints.search_count([])
    print(f"   register of {count}: {time.monotonic() - start:.0f} s", flush=True)
