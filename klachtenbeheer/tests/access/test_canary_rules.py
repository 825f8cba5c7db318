import logging
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from .test_canary_crawl import ACTORS, CrawlCase, Crawler

_table = logging.getLogger(f"{__name__}.table")
# Of an entry in a calendar that is private, the platform itself shows nothing but that there
# is one: there, searching tells.
SEARCHED = {"calendar.event"}
# The crawl does not tell without this rule; test_access_rights.py shows that it is needed.
SHOWN_BY_TABLES = {"mail.scheduled.message"}
# Nor without these: rights follow the policy, and so its company; who is appointed is no secret.
RULES_SHOWN_BY_TABLES = {
    *("complaint_rule_company", "measure_rule_company"),
    *("appointment_rule_company", "appointment_rule_employee", "appointment_rule_manager"),
    # nor of what holds no word of a dossier
    *("erasure_rule_company", "reading_rule_company", "breach_rule_company"),
    *("subject_request_rule_company", "subject_item_rule_company", "long_work_rule_owner"),
    # reports hold figures, and texts that name nobody: `report_text.py` refuses others
    *("report_rule_company", "report_rule_coordinator", "report_rule_addressed"),
    *("report_text_rule", "report_text_rule_coordinator", "report_text_rule_addressed"),
    *("report_recipient_rule", "report_recipient_rule_coordinator"),
    *("report_recipient_rule_addressed", "report_discussion_rule"),
    *("report_discussion_rule_coordinator", "report_discussion_rule_addressed"),
    *("report_type_rule_company", "report_type_recipient_rule_company"),
    *("report_section_rule_company", "report_plan_rule_company", "evaluation_rule_company"),
}
# Tells of dossiers by number and reference only: test_access_rights.py.
WITHOUT_WORDS = {"klachtenbeheer.reading"}
# Beside dossiers: without a word of one, or on models that one group alone may read. Of which
# policy they are for whom: test_roles_beside_dossiers.py.
WITHOUT_WORDS |= {
    *("klachtenbeheer.breach", "klachtenbeheer.erasure", "klachtenbeheer.evaluation"),
    *("klachtenbeheer.subject.item", "klachtenbeheer.subject.request", "klachtenbeheer.report"),
    *("klachtenbeheer.report.discussion", "klachtenbeheer.report.recipient"),
    "klachtenbeheer.report.text",
}
# Rules that give: without them somebody sees less, which the second column of the table says.
GIVES = ("[(1, '=', 1)]", "[('policy_id', 'in', user.standing_in_policy_ids.ids)]")
# What is said in code: that parts follow their dossier, and what of it tells who complained.
FOLLOWS, TELLS = "_get_dossier_domain", "_get_untold_domain"


@tagged("post_install", "-at_install")
class TestCanaryRules(CrawlCase):
    """Each record rule is needed: without any one of them somebody finds a word that is not
    for them, or (rules that give) no longer finds one that is."""

    def get_rules(self):
        names = self.env["ir.model.data"].search(
            [("module", "=", "klachtenbeheer"), ("model", "=", "ir.rule")]
        )
        names = names.filtered(lambda line: line.name not in RULES_SHOWN_BY_TABLES)
        rules = self.env["ir.rule"].browse(names.mapped("res_id"))
        # those on changing only are shown by test_access_rights.py
        return rules.filtered(
            lambda rule: rule.perm_read and rule.model_id.model not in SHOWN_BY_TABLES
        )

    def see(self, actor, model):
        """What somebody finds in a model: (words not for them, all words)."""
        crawler = Crawler(self, actor, {model})
        hits = crawler.crawl(
            ("read_fields", "search_words") if model in SEARCHED else ("read_fields",)
        )
        return {(actor, what[:5]) for _model, _way, what in hits}, crawler.seen

    def find_leaks(self, model):
        for actor in ACTORS:
            if hits := self.see(actor, model)[0]:
                return hits
        return set()

    def find_given(self, rule, seen):
        """{actor: words that they find} of whom a rule may give something."""
        model, groups = rule.model_id.model, rule.groups
        actors = [one for one in ACTORS if not groups or groups & self.users[one].all_group_ids]
        for actor in actors:
            if (model, actor) not in seen:
                seen[model, actor] = self.see(actor, model)[1]
        return {actor: seen[model, actor] for actor in actors}

    def find_missed(self, model, before):
        """What the first who no longer finds all of it does not find.

        :param before: {actor: words that they found}
        """
        for actor, words in before.items():
            if missed := words - self.see(actor, model)[1]:
                return {(actor, key) for key in missed}
        return set()

    @mute_logger(*ACCESS_LOGGERS)
    def test_without_any_one_rule_a_word_gets_out(self):
        rows, idle, seen = [], [], {}
        for rule in self.get_rules():
            name, model = rule.display_name, rule.model_id.model
            gives = rule.domain_force in GIVES
            before = self.find_given(rule, seen) if gives else {}
            with self.undone():
                rule.unlink()
                self.env.registry.clear_cache()
                found = self.find_missed(model, before) if gives else self.find_leaks(model)
            self.env.registry.clear_cache()
            actor, key = min(found, default=("nobody", ""))
            rows.append(f"   {'misses' if gives else 'finds':7} {key:6} {actor:16} {name}")
            if not found:
                idle.append(name)
        _table.info("Without one record rule somebody\n%s", "\n".join(rows))
        self.assertFalse(idle, "these make no difference")

    def get_sayings(self):
        """(model, method) of everything in code that hides parts of a dossier."""
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or not hasattr(model, FOLLOWS) or name in WITHOUT_WORDS:
                continue
            yield name, FOLLOWS
            # dossiers, measures and mail to sort say whose they are, and are parts of nothing
            if hasattr(model, TELLS) and not self.env[name]._get_untold_domain().is_true():
                yield name, TELLS

    @mute_logger(*ACCESS_LOGGERS)
    def test_where_parts_do_not_follow_their_dossier_a_word_gets_out(self):
        rows, idle = [], []
        for model, method in self.get_sayings():
            with patch.object(self.env.registry[model], method, lambda *_args: Domain.TRUE):
                self.env.invalidate_all()
                self.env.registry.clear_cache()
                found = self.find_leaks(model)
            actor, key = min(found, default=("nobody", ""))
            rows.append(f"   {key:6} {actor:16} {model} {method}")
            if not found:
                idle.append(f"{model} {method}")
        _table.info("Where parts do not follow, somebody finds\n%s", "\n".join(rows))
        self.assertTrue(rows)
        self.assertFalse(idle, "these make no difference")
