"""Fixtures of the browser tests. What they stand on is in harness/."""

import shutil

import pytest
from harness.desk import Desk
from harness.kannel import Kannel
from harness.pages import Visitor
from harness.portals import PORTAL, profile_rows
from harness.postgres import Cluster
from harness.smtp import MailServer
from harness.tour import TROUBLE
from harness.walk import STAFF, Walk
from playwright.sync_api import sync_playwright


# Not part of the usual run yet: `pytest -m unproven` runs them. Whoever has seen one green in repeated runs takes it off
# the list. Of the tour, answers of forms and pages of errors were green; the looks of every role were not seen to their end.
UNPROVEN = {"test_tour"}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.stem in UNPROVEN:
            item.add_marker(pytest.mark.unproven)


@pytest.fixture(scope="session")
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def templates(cluster, tmp_path_factory):
    """Databases to clone, each made when first asked for: `tables` is migrated, `demo` holds the demo portals too.

    Secrets in the demo are sealed under keys, which a clone needs as well: they lie in the folder beside its name.
    """
    made: dict[str, tuple[str, object]] = {}

    def template(kind: str):
        if kind not in made:
            folder = tmp_path_factory.mktemp(f"template-{kind}")
            name = cluster.create(f"template_{kind}")
            desk = Desk(folder, cluster.logins(name), demo=kind == "demo")
            desk.run("keys", "generate", desk.keys)
            desk.run("migrate")
            if kind == "demo":
                desk.run("demo", "load")
            made[kind] = (name, desk.keys)
        return made[kind]

    return template


@pytest.fixture(scope="module")
def installation(cluster, templates, request, tmp_path_factory):
    """A database and keys of the module's own, with nothing running on them: `serve` and `work` start it.

    `pytestmark = pytest.mark.demo` gives it the demo portals.
    """
    demo = request.node.get_closest_marker("demo") is not None
    environment = request.node.get_closest_marker("desk_environment")
    template, keys = templates("demo" if demo else "tables")
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(keys, folder / "keys")
    name = cluster.create("desk", template)
    desk = Desk(folder, cluster.logins(name), demo, environment.kwargs if environment else None)
    desk.database = name
    desk.sql = lambda script: cluster.sql(name, script)
    yield desk
    desk.stop()
    cluster.drop(name)


@pytest.fixture(scope="module")
def desk(installation, request):
    """The module's installation, its console and worker running; with `pytestmark = pytest.mark.troubled` the console
    alone, on a demo in which things went wrong, which stays so."""
    troubled = request.node.get_closest_marker("troubled") is not None
    if troubled:
        installation.sql(TROUBLE)
    installation.serve(with_worker=not troubled)
    return installation


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visitor(browser, desk):
    """Chromium at the module's desk; its windows close with the module."""
    before = set(browser.contexts)
    yield Visitor(browser, desk)
    for context in set(browser.contexts) - before:
        context.close()


@pytest.fixture(scope="module")
def walk(installation, kannel, request):
    """One portal with its staff, made by the command line as an installation in earnest is. The portal is there before
    the worker starts, which makes its schedules."""
    installation.sql(profile_rows(PORTAL))
    installation.run("migrate")
    visitor = request.getfixturevalue("visitor")
    walk = Walk(visitor, kannel)
    for role, (login, name) in STAFF.items():
        visitor.staff[role] = walk.add_staff(login, name, role)
    return walk


@pytest.fixture
def page(visitor):
    """A page of nobody, not signed in."""
    context = visitor.context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def kannel(tmp_path_factory):
    kannel = Kannel(tmp_path_factory.mktemp("kannel"))
    yield kannel
    kannel.stop()


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    server = MailServer(tmp_path_factory.mktemp("mail"))
    yield server
    server.stop()
