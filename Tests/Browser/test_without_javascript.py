"""The whole way once more in a browser that runs no script at all."""

from harness.walk import Paper, Person
from test_paper_to_portal_user import assert_the_whole_way


def test_the_whole_way_with_javascript_off(walk, browser, cluster, tmp_path):
    paper = Paper(users=[
        Person("wanda", "Wanda Żuk", "+48601234568", "wanda@zolta-lodz.example"),
        Person("piotr", "Piotr Ćwik", "+48601234569", "piotr@zolta-lodz.example"),
    ])
    assert_the_whole_way(walk, browser, cluster, tmp_path, paper, javascript=False)
    assert walk.kannel.await_message("+48601234569").receiver == "+48601234569"
