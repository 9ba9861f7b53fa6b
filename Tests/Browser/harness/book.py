"""A book of business as the main system hands it over: CSV files, and accounts for the clients in it."""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Due:
    """Something of which its account must be reminded on the day, exactly once."""

    receiver: str
    mark: str


@dataclass
class Book:
    """One client, one contract and one account each. Every third instalment and policy is of no concern on `day`."""

    day: date
    clients: int
    rows: dict[str, list[dict]] = field(default_factory=dict)
    payments: set[Due] = field(default_factory=set)
    expiries: set[Due] = field(default_factory=set)
    accounts: list[tuple[str, str, str, str, int | None]] = field(default_factory=list)
    instalment_of: dict[Due, str] = field(default_factory=dict)

    def __post_init__(self):
        for number in range(1, self.clients + 1):
            self.add(number)

    def add(self, number: int):
        by_sms = number % 2 == 0
        phone, email = f"+48601{number:06}", f"klient{number}@poczta.example"
        own_days = 9 if number % 5 == 0 else None
        contract, policy = f"LU/2026/{number:05}", f"POL-{number:06}"
        self.accounts.append((f"C{number}", phone, email, "sms" if by_sms else "email", own_days))
        receiver = phone if by_sms else email
        self.put("clients", key=f"C{number}", kind="company", name=f"Firma „{number}” Sp. z o.o.", country="PL", language="pl")
        self.put(
            "contracts", key=f"K{number}", client=f"C{number}", number=contract, kind="operating", signed_on="2026-01-10",
            currency="PLN", asset_kind="car", asset_name="Škoda Octavia", registration=f"EL{number:05}")
        is_due = number % 3 != 0
        ahead = (own_days or 5) + (0 if is_due else 2)
        self.put(
            "instalments", key=f"I{number}", contract=f"K{number}", kind="instalment", number=number % 36 + 1,
            due_on=self.day + timedelta(ahead), amount_minor=123_456 + number, currency="PLN")
        is_expiring = number % 4 != 0
        days = (45, 30, 14)[number % 3] + (0 if is_expiring else 1)
        self.put(
            "policies", key=f"P{number}", client=f"C{number}", contract=f"K{number}", number=policy, kind="AC",
            variant="Komfort", insurer="Warta", starts_on=self.day + timedelta(days - 365), expires_on=self.day + timedelta(days))
        if is_due:
            due = Due(receiver, contract)
            self.instalment_of[due] = f"I{number}"
            self.payments.add(due)
        if is_expiring:
            self.expiries.add(Due(receiver, policy))

    def put(self, file: str, **row):
        self.rows.setdefault(file, []).append(row)

    def write(self, folder: Path) -> list[Path]:
        return [write(folder / f"{name}.csv", rows) for name, rows in self.rows.items()]

    def payment_file(self, folder: Path, paid: list[Due]) -> Path:
        amounts = {row["key"]: row["amount_minor"] for row in self.rows["instalments"]}
        rows = [
            {"key": f"Z-{self.instalment_of[due]}", "instalment": self.instalment_of[due], "paid_on": self.day,
             "amount_minor": amounts[self.instalment_of[due]], "currency": "PLN"}
            for due in paid
        ]
        return write(folder / "payments.csv", rows)

    def accounts_sql(self) -> str:
        """Accounts with access; that paper makes them one by one is another test's matter."""
        values = ", ".join(
            f"('{key}', '{phone}', '{email}', '{by}', {days if days is not None else 'NULL'}::smallint)"
            for key, phone, email, by, days in self.accounts)
        return f"""
            WITH given (key, phone, email, remind_by, days) AS (VALUES {values}), made AS (
                INSERT INTO account (portal_id, realm, login, state, password_hash, person_name, phone, email, language, remind_by,
                    remind_days_before)
                SELECT c.portal_id, c.id, lower(g.key), 'active', 'none', 'Jan ' || g.key, g.phone, g.email, 'pl', g.remind_by, g.days
                FROM given AS g JOIN client AS c ON c.external_key = g.key
                RETURNING portal_id, id, realm)
            INSERT INTO access (portal_id, account_id, client_id, rights)
            SELECT portal_id, id, realm, '{{contracts,invoices,insurance}}' FROM made;"""


def write(path: Path, rows: list[dict]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path
