"""From a signed paper application to a client who signs in: staff in Chromium, a real SMS gateway, the portal's API."""

from harness import leaks
from harness.walk import Paper


def test_the_whole_way_from_a_paper_to_an_active_portal_user(walk, browser, cluster, tmp_path):
    assert_the_whole_way(walk, browser, cluster, tmp_path, Paper())


def assert_the_whole_way(walk, browser, cluster, folder, paper, **options):
    way = walk.whole_way(browser, folder, paper, **options)
    account = way.portal.first_sign_in(way.company_code, paper.login, way.code)
    assert account["login"] == paper.login
    assert [client["name"] for client in account["clients"]] == [paper.client]
    assert sorted(account["clients"][0]["rights"]) == ["contracts", "invoices"]
    phone = paper.users[0].phone
    assert [message.receiver for message in walk.kannel.messages()].count(phone) == 1
    for page in way.people:
        walk.look_around(page)
        assert page.context.complaints == []
    assert_nothing_shows_the_codes(walk, cluster, way)


def assert_nothing_shows_the_codes(walk, cluster, way):
    desk = walk.desk
    logs = leaks.logs(desk, cluster)
    assert any(name.endswith("-serve.log") for name in logs)
    assert leaks.in_texts(way.code, walk.visited.pages) == []
    assert leaks.in_texts(way.code, logs) == []
    assert leaks.in_texts(way.code, {"dump": leaks.dump(cluster, desk.database)}) == []
    assert leaks.in_texts(way.company_code, logs) == []
    shown = leaks.in_texts(way.company_code, walk.visited.pages)
    assert {url.removeprefix(desk.url) for url in shown} == {f"{way.application}/call/code"}
