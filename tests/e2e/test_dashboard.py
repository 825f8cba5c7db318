"""The figures beside the work, on a desk and a phone, by keyboard, and what axe says of them."""

import pytest
import template
from backoffice import Backoffice
from odoo_server import OdooServer
from portal_pages import RULES, axe_source

DESK, PHONE = (1440, 900), (390, 844)
FIGURES = ".o_kb_dashboard"
# (policy, values), so that there is something open, of several subjects and about a year.
COMPLAINTS = (("ba", 3), ("sj", 2), ("kk", 1))


@pytest.fixture(scope="module")
def server(ready, world_name, mail_server):
    with (
        template.temporary_copy(ready, world_name, "figures") as name,
        OdooServer(ready, name, mail_server.port) as server,
    ):
        session = server.session("coordinator")
        for source, number in COMPLAINTS:
            for _place in range(number):
                session.register(source, incident_place="Balie")
        yield server


@pytest.fixture
def office(browser, server):
    office = Backoffice(browser, server, "coordinator")
    office.page.locator(FIGURES).wait_for()
    return office


def violations(office):
    """What axe-core has to say about the figures."""
    office.page.evaluate(axe_source())
    found = office.page.evaluate(
        """([place, rules]) => axe.run(
            {include: [[place]]}, {runOnly: {type: 'tag', values: rules}}
        )""",
        [FIGURES, RULES],
    )
    return [
        (line["id"], [node["html"][:200] for node in line["nodes"][:3]])
        for line in found["violations"]
    ]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nobody_is_barred_from_the_figures(office, size):
    page = office.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    office.settle()
    for summary in page.locator(f"{FIGURES} summary").all():
        summary.click()
    assert not violations(office)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert not office.problems


def test_each_picture_is_told_in_words_and_in_a_table(office):
    charts = office.page.locator(f"{FIGURES} .o_kb_chart:has(canvas)").all()
    assert charts
    for chart in charts:
        told = chart.locator("canvas").get_attribute("aria-label")
        chart.locator("summary").click()
        assert chart.locator("thead th[scope=col]").count()
        rows = chart.locator("tbody tr").all()
        assert rows
        for row in rows:
            label = row.locator("th[scope=row]").inner_text()
            assert f"{label} {row.locator('td').first.inner_text().replace('–', '-')}" in told


def test_each_figure_leads_to_its_dossiers_by_keyboard(office):
    tile = office.page.locator(f"{FIGURES} [data-tile=received]")
    number = int(tile.locator("span").first.inner_text())
    assert number == sum(number for _source, number in COMPLAINTS)
    tile.focus()
    office.page.keyboard.press("Enter")
    office.page.locator(".o_list_view .o_data_row").first.wait_for()
    assert office.page.locator(".o_data_row").count() == number
