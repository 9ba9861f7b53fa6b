"""How many statements each page asks of the database, as the database itself counts them."""

import re

import pytest
from harness.tour import examples

pytestmark = [pytest.mark.demo, pytest.mark.troubled]

# Beside these every page has what finds the session: the session, its roles, whether portals changed, and the sidebar's numbers.
FRAME = 6
USUAL = 8
BUDGETS = {"client": 12, "client, a person": 12, "client, provisional": 12, "application": 12, "form": 12, "reminders": 10}


@pytest.fixture(scope="module")
def installation(installation):
    installation.sql("ALTER ROLE portaldesk_console SET log_min_duration_statement = 0")
    yield installation
    installation.sql("ALTER ROLE portaldesk_console RESET log_min_duration_statement")


def statements(log: str) -> list[str]:
    texts = re.findall(r"duration: [\d.]+ ms\s+(?:statement|execute [^:]*): (.*)", log)
    return [text for text in texts if not re.match(r"BEGIN|COMMIT|ROLLBACK|SELECT set_config", text)]


def test_each_page_keeps_to_its_budget(desk, cluster, visitor):
    pages = {}
    tour = examples(desk)
    for role in {example.role for example in tour.values()}:
        page = visitor.sign_in(role)
        for name, example in tour.items():
            if example.role == role:
                # The second time: the first may refresh what the process remembers.
                page.request.get(example.path)
                before = cluster.log.stat().st_size
                assert page.request.get(example.path).status == 200
                with open(cluster.log, errors="replace") as log:
                    log.seek(before)
                    pages[name] = len(statements(log.read()))
        page.context.close()
    assert all(count > 0 for count in pages.values()), pages
    budget = {name: FRAME + BUDGETS.get(name, BUDGETS.get(name.split(",")[0], USUAL)) for name in pages}
    over = {name: (count, budget[name]) for name, count in pages.items() if count > budget[name]}
    assert not over, f"statements and budget: {over}\n{sorted(pages.items(), key=lambda item: -item[1])}"
