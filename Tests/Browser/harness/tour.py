"""One example of every page of a console with the demo in it, each as full as it gets, and by whom it is looked at."""

import re
from dataclasses import dataclass

from .desk import Desk
from .pages import Visitor

ROLES = ("helpdesk", "account_manager", "verifier", "privacy_officer", "scheduler", "auditor", "administrator")

# What no demo has by itself: what went wrong, what stands still, what came from a main system yet unknown.
TROUBLE = """
    SELECT set_config('portaldesk.portals', every_portal(), false);
    INSERT INTO message (portal_id, kind, channel, client_id, account_id, subject_kind, subject_id, language, template_version,
        key_subject_kind, key_subject_id, recipient, recipient_hint, content, state, reason, wiped_at)
    SELECT portal_id, kind, channel, client_id, account_id, subject_kind, subject_id, language, template_version,
        key_subject_kind, key_subject_id, recipient, recipient_hint, content, s.state, s.reason, wiped_at
    FROM (SELECT * FROM message WHERE kind = 'reminders.payment' AND content IS NOT NULL ORDER BY portal_id, id LIMIT 1) AS m,
        (VALUES ('planned', NULL), ('uncertain', 'abandoned'), ('refused', 'bad_recipient'), ('cancelled', 'paid')) AS s (state, reason);
    UPDATE job SET run_at = now() + interval '1 day' WHERE kind = 'messaging.send';
    INSERT INTO message_attempt (portal_id, message_id, attempt, provider_id, outcome, code)
    SELECT m.portal_id, m.id, 1, (SELECT min(p.id) FROM provider AS p WHERE p.portal_id = m.portal_id), 'uncertain', 'timed_out'
    FROM message AS m WHERE m.state = 'uncertain';
    INSERT INTO job (portal_id, kind, queue, state, attempt, error_code, run_id)
    SELECT r.portal_id, 'reminders.send', 'reminders', 'quarantined', 5, 'no_template', r.id FROM run AS r ORDER BY r.id LIMIT 1;
    INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state, reason, started_at, finished_at)
    SELECT portal_id, schedule, 'schedule', local_at - interval '1 day', for_date - 1, 'failed', 'quarantined', now(), now()
    FROM run ORDER BY id LIMIT 1;
    UPDATE schedule SET next_at = now() - interval '1 hour', next_local = next_local - interval '1 day'
    WHERE (portal_id, name) = (1, 'access.sweep');
    UPDATE schedule SET paused_at = now(), paused_reason = 'Holidays', changed_in_console = true WHERE name = 'reminders.insurance'
        AND portal_id = 1;
    UPDATE client SET external_key = NULL WHERE (portal_id, id) = (SELECT portal_id, min(client_id) FROM application
        WHERE state = 'activated' GROUP BY portal_id ORDER BY portal_id LIMIT 1);
"""


@dataclass(frozen=True)
class Example:
    role: str
    path: str


def pattern(path: str) -> str:
    """The page behind a path: numbers and questions left out."""
    return re.sub(r"/\d+", "/*", path.split("?")[0].removesuffix("/"))


def examples(desk: Desk) -> dict[str, Example]:
    """By what they show. The numbers come from the database, which knows which page is full."""

    def one(query: str) -> str:
        found = desk.sql(query).splitlines()
        assert found, query
        return found[0]

    def application(state: str, kind: str = "portal_users") -> str:
        return one(f"""SELECT '/onboarding/' || p.key || '/' || a.id FROM application AS a JOIN portal AS p ON p.id = a.portal_id
            WHERE a.state = '{state}' AND a.kind = '{kind}' ORDER BY a.portal_id, a.id""")

    def message(condition: str) -> str:
        return one(f"""SELECT '/messaging/' || p.key || '/' || m.id FROM message AS m JOIN portal AS p ON p.id = m.portal_id
            WHERE {condition} ORDER BY m.portal_id, m.id""")

    def account(state: str) -> str:
        return one(f"""SELECT '/accounts/' || p.key || '/' || a.id FROM account AS a JOIN portal AS p ON p.id = a.portal_id
            WHERE a.state = '{state}' ORDER BY a.portal_id, a.id""")

    def client(condition: str, order: str = "c.portal_id, c.id") -> str:
        return one(f"""SELECT '/clients/' || p.key || '/' || c.id FROM client AS c JOIN portal AS p ON p.id = c.portal_id
            WHERE {condition} ORDER BY {order} LIMIT 1""")

    has_account = "EXISTS (SELECT FROM access AS x WHERE x.portal_id = c.portal_id AND x.client_id = c.id)"
    fullest = """(SELECT count(*) FROM contract AS k WHERE k.portal_id = c.portal_id AND k.client_id = c.id)
        + (SELECT count(*) FROM message AS m WHERE m.portal_id = c.portal_id AND m.client_id = c.id) DESC"""
    run = one("""SELECT '/operations/runs/' || p.key || '/' || r.id FROM run AS r JOIN portal AS p ON p.id = r.portal_id
        JOIN reminder AS m ON m.portal_id = r.portal_id AND m.run_id = r.id GROUP BY p.key, r.id ORDER BY count(*) DESC""")
    failed = one("""SELECT '/operations/runs/' || p.key || '/' || r.id FROM run AS r JOIN portal AS p ON p.id = r.portal_id
        WHERE r.state = 'failed'""")
    portal = one("SELECT key FROM portal ORDER BY id")
    schedule = f"/operations/jobs/{portal}"
    rule = one("SELECT '/reminders/' || p.key || '/rules/' || r.id FROM rule AS r JOIN portal AS p ON p.id = r.portal_id")
    provider = one("SELECT '/messaging/providers/' || p.key || '/' || v.id FROM provider AS v JOIN portal AS p ON p.id = v.portal_id")
    staff = one("SELECT id FROM staff WHERE login = 'helpdesk'")
    today = one("SELECT current_date")
    returned, approved = application("returned"), application("approved")
    call = one("""SELECT '/onboarding/' || p.key || '/' || c.application_id || '/call' FROM call_task AS c
        JOIN portal AS p ON p.id = c.portal_id WHERE c.state <> 'done' ORDER BY c.portal_id, c.id""")
    found = {
        "search": Example("helpdesk", "/clients"), "search found": Example("helpdesk", "/clients?q=a"),
        "search found nobody": Example("helpdesk", "/clients?q=nobody-at-all"),
        "client": Example("helpdesk", client(has_account, fullest)),
        "client, a person": Example("privacy_officer", client("c.kind = 'person'", fullest)),
        "client, provisional": Example("account_manager", client("c.external_key IS NULL")),
        "account, active": Example("helpdesk", account("active")), "account, locked": Example("helpdesk", account("locked")),
        "account, invited": Example("privacy_officer", account("invited")),
        "applications": Example("account_manager", "/onboarding"), "applications, none": Example("auditor", "/onboarding?state=x"),
        "application, returned": Example("account_manager", returned), "application, approved": Example("helpdesk", approved),
        "application, to decide": Example("verifier", application("submitted")),
        "application, office": Example("account_manager", application("approved", "office")),
        "calls": Example("helpdesk", "/onboarding/calls"), "call": Example("helpdesk", call),
        "reminders": Example("scheduler", "/reminders"), "rule": Example("scheduler", rule),
        "jobs": Example("scheduler", "/operations/jobs"), "run": Example("scheduler", run), "run, failed": Example("scheduler", failed),
        "schedule": Example("scheduler", f"{schedule}/reminders.payments"),
        "schedule, paused": Example("scheduler", f"{schedule}/reminders.insurance"),
        "preview": Example("scheduler", f"{schedule}/reminders.payments/preview?date={today}"),
        "messages": Example("helpdesk", "/messaging"), "uncertain messages": Example("helpdesk", "/messaging/uncertain"),
        "message, uncertain": Example("helpdesk", message("m.state = 'uncertain'")),
        "message, refused": Example("auditor", message("m.state = 'refused'")),
        "message, delivered": Example("privacy_officer", message("m.state = 'confirmed' AND NOT m.secret")),
        "message, a code": Example("helpdesk", message("m.secret")), "letters": Example("scheduler", "/messaging/templates"),
        "inbox": Example("verifier", "/messaging/inbox"), "inbox, mail": Example("verifier", "/messaging/inbox?channel=email"),
        "audit": Example("auditor", "/audit"), "rights": Example("auditor", "/access/rights"),
        "staff": Example("administrator", "/access/staff"), "staff, new": Example("administrator", "/access/staff/new"),
        "staff, somebody": Example("administrator", f"/access/staff/{staff}"), "own access": Example("scheduler", "/access/own"),
        "portals": Example("administrator", "/portals"), "portal": Example("administrator", f"/portals/{portal}"),
        "portal, new": Example("administrator", "/portals/new"), "API keys": Example("administrator", f"/accounts/{portal}/keys"),
        "providers": Example("administrator", "/messaging/providers"), "provider": Example("administrator", provider),
    }
    for step in ("client", "signatories", "witness", "users", "documents"):
        found[f"form, {step}"] = Example("account_manager", f"{returned}/form/{step}")
    for step in ("client", "office"):
        found[f"form of an office, {step}"] = Example(
            "account_manager", f"{application('draft', 'office')}/form/{step}")
    for kind in ("smtp", "kannel", "http_sms", "local_sms"):
        found[f"provider, new {kind}"] = Example("administrator", f"/messaging/providers/{portal}/new?kind={kind}")
    return found


def linked(visitor: Visitor, role: str, each: int = 2, limit: int = 150) -> dict[str, str]:
    """The pages that this role reaches by links, an example path by its pattern; of each pattern a few are asked."""
    page = visitor.sign_in(role)
    waiting, known, asked = ["/"], {"/"}, {}
    found: dict[str, str] = {}
    while waiting and sum(asked.values()) < limit:
        path = waiting.pop(0)
        kind = pattern(path)
        if asked.get(kind, 0) >= each:
            continue
        asked[kind] = asked.get(kind, 0) + 1
        answer = page.request.get(path)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, f"{role} {path}: {answer.status}"
        reached = answer.url.removeprefix(visitor.desk.url)
        found.setdefault(pattern(reached), reached)
        for link in re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text()):
            link = link.replace("&amp;", "&")
            if link not in known and not link.startswith("/static/"):
                known.add(link)
                waiting.append(link)
    page.context.close()
    return found
