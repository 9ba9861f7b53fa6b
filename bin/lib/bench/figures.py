"""Turns the rounds into figures, a JSON object a line: medians, and the median of the rounds' own ratios.

    figures.py < ROUNDS      (lines of NAME, OURS, REFERENCE, UNIT, WORD, LIMIT, tab separated)

WORD is "at_least" or "at_most" for the ratio, "below" for ours itself, which then has no reference.
"""

import json
import statistics
import sys

WORDS = {"at_least": "at least", "at_most": "at most", "below": "below"}


def figure(name, rows):
    _, _, _, unit, word, limit = rows[0]
    ours = statistics.median(float(row[1]) for row in rows)
    if word == "below":
        return {
            "name": name, "ours": round(ours, 3), "reference": None, "unit": unit, "ratio": None,
            "target": f"below {limit} {unit}", "met": ours < float(limit),
        }
    reference = statistics.median(float(row[2]) for row in rows)
    ratio = statistics.median(float(row[1]) / float(row[2]) for row in rows)
    met = ratio >= float(limit) if word == "at_least" else ratio <= float(limit)
    return {
        "name": name, "ours": round(ours, 3), "reference": round(reference, 3), "unit": unit,
        "ratio": round(ratio, 3), "target": f"{WORDS[word]} {limit}", "met": met,
    }


def main():
    rounds = {}
    for line in sys.stdin:
        row = line.rstrip("\n").split("\t")
        rounds.setdefault(row[0], []).append(row)
    for name, rows in rounds.items():
        print(json.dumps(figure(name, rows)), flush=True)


main()
