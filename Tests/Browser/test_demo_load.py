"""The demo's load, killed in the middle and begun again."""

from harness.desk import Desk
from harness.processes import wait_until

# When to kill: within the first import, after it, within the second portal's applications, late in the users' visits.
MOMENTS = [
    "SELECT count(*) > 0 FROM portal", "SELECT count(*) > 0 FROM client",
    "SELECT count(DISTINCT portal_id) > 1 FROM application", "SELECT count(DISTINCT portal_id) > 2 FROM account WHERE state = 'active'",
]


def test_a_load_that_is_killed_again_and_again_ends_whole(cluster, tmp_path):
    name = cluster.create("killed_demo")
    desk = Desk(tmp_path, cluster.logins(name), demo=True)
    desk.run("keys", "generate", desk.keys)
    desk.run("migrate")

    def holds(question: str) -> bool:
        return cluster.sql(name, question).strip() == "t"

    for moment in MOMENTS:
        load = desk.start("demo", "load")
        wait_until(lambda: holds(moment) or not load.running, moment, seconds=180)
        load.kill()
    desk.run("demo", "load")
    again = desk.run("demo", "load").stdout
    assert again.count("there already") == 4
    assert holds("SELECT count(*) = 4 FROM portal")
    assert holds("SELECT count(*) >= 2000 FROM client")
    assert holds("SELECT count(DISTINCT portal_id) = 4 FROM application WHERE state = 'activated'")
    assert holds("SELECT count(DISTINCT portal_id) = 4 FROM account WHERE state = 'active'")
    assert holds("SELECT count(DISTINCT portal_id) = 4 FROM account WHERE state = 'locked'")
    assert holds("SELECT count(DISTINCT portal_id) = 4 FROM run WHERE state = 'finished'")
    assert holds("SELECT NOT EXISTS (SELECT FROM portal_key GROUP BY portal_id HAVING count(*) > 1)")
    assert holds("SELECT count(*) = 7 FROM staff")
    cluster.drop(name)
