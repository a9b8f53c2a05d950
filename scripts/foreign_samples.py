"""Sample files as other systems export them, with the dirt of real ones: made up from one seed, for make_samples.py."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

SEED = 4_711
FIRST = [
    "Ada",
    "Aaron",
    "Amina",
    "Anton",
    "Aylin",
    "Bea",
    "Ben",
    "Bianca",
    "Boris",
    "Carla",
    "Chen",
    "Clara",
    "Damir",
    "Dana",
    "Diego",
    "Edith",
    "Elias",
    "Emre",
    "Esther",
    "Fatou",
    "Felix",
    "Finn",
    "Flora",
    "Gabriel",
    "Greta",
    "Hana",
    "Hugo",
    "Ida",
    "Ines",
    "Ivo",
    "Jana",
    "Jonas",
    "Júlia",
    "Kaya",
    "Kenji",
    "Lara",
    "Leo",
    "Lina",
    "Luca",
    "Mara",
    "Mateo",
    "Mila",
    "Nadia",
    "Nils",
    "Noor",
    "Olga",
    "Omar",
    "Paula",
    "Pavel",
    "Quinn",
    "Rafael",
    "Rosa",
    "Ruth",
    "Samir",
    "Sara",
    "Sven",
    "Tara",
    "Theo",
    "Uma",
    "Vera",
    "Viktor",
    "Wanda",
    "Xenia",
    "Yusuf",
    "Zoë",
]
LAST = [
    "Abel",
    "Ahmadi",
    "Albrecht",
    "Almeida",
    "Andersson",
    "Arslan",
    "Bakker",
    "Barros",
    "Becker",
    "Blanc",
    "Bruun",
    "Castro",
    "Cohen",
    "Costa",
    "Dahl",
    "Diallo",
    "Dumas",
    "Eklund",
    "Engel",
    "Farkas",
    "Fischer",
    "Fontaine",
    "Gallo",
    "Gómez",
    "Grün",
    "Haas",
    "Hansen",
    "Hoffmann",
    "Ibáñez",
    "Ito",
    "Jakobsen",
    "Jovanović",
    "Kaiser",
    "Khan",
    "Klein",
    "Koç",
    "Kruse",
    "Lange",
    "Lopes",
    "Lund",
    "Maier",
    "Marino",
    "Meyer",
    "Moreno",
    "Nagy",
    "Neumann",
    "Nováková",
    "Olsen",
    "Orlov",
    "Pereira",
    "Petit",
    "Popescu",
    "Quist",
    "Ramos",
    "Reyes",
    "Rossi",
    "Sato",
    "Schulz",
    "Silva",
    "Sørensen",
    "Tamm",
    "Toth",
    "Urban",
    "Vogel",
    "Wagner",
    "Weber",
    "Yıldız",
    "Zimmer",
]
TABLE = str.maketrans("áäćéèëíıńóöøśúüžúćčđñşçâæå", "aaceeeiinooosuuzuccdnscaaa")


@dataclass(frozen=True)
class Human:
    number: int
    first: str
    last: str
    email: str
    phone: str
    birthday: date


def plain(text: str) -> str:
    return "".join(letter for letter in text.casefold().translate(TABLE) if letter.isascii() and letter.isalnum())


def humans(chance: random.Random, count: int) -> list[Human]:
    """People of different names, each with an address of its own."""
    pairs = [(first, last) for first in FIRST for last in LAST]
    chance.shuffle(pairs)
    return [
        Human(
            1000 + number,
            first,
            last,
            f"{plain(first)}.{plain(last)}@example.net",
            f"+1 555 {chance.randrange(200, 999)} {number:04}",
            date(chance.randrange(1955, 2018), chance.randrange(1, 13), chance.randrange(1, 29)),
        )
        for number, (first, last) in enumerate(pairs[:count], start=1)
    ]


def as_csv(rows: list[list[object]], *, delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


class Diary:
    """Free times of some teachers, so that nobody is booked twice."""

    def __init__(self, chance: random.Random, first: date, days: int) -> None:
        self.chance, self.first, self.days = chance, first, days
        self.taken: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)

    def place(self, who: str, minutes: int) -> tuple[datetime, datetime]:
        while True:
            day = self.first + timedelta(days=self.chance.randrange(self.days))
            clock = time(self.chance.randrange(8, 19), self.chance.choice([0, 15, 30, 45]))
            start = datetime.combine(day, clock)
            end = start + timedelta(minutes=minutes)
            if day.weekday() < 6 and all(end <= begun or ended <= start for begun, ended in self.taken[who]):
                self.taken[who].append((start, end))
                return start, end


# Acuity ----------------------------------------------------------------------------------------------------------


def acuity_clients() -> bytes:
    """With a byte-order mark, phones kept from being formulas, notes over two lines, surnames missing."""
    chance = random.Random(SEED)
    rows: list[list[object]] = [["First Name", "Last Name", "Phone", "Email", "Notes", "Days Since Last Appointment"]]
    for human in humans(chance, 320):
        note = chance.choice(
            ["", "", "", "Prefers mornings", "Allergic to cats\nBring the forms", 'Calls herself "Mo"']
        )
        last = "" if chance.random() < 0.03 else human.last
        phone = chance.choice(["", f"'{human.phone}", human.phone.replace(" ", "-")])
        rows.append([human.first, last, phone, human.email, note, chance.choice(["", chance.randrange(400)])])
    return ("\ufeff" + as_csv(rows)).encode()


def acuity_appointments() -> bytes:
    """Dates in words, a group class as one row a client, form questions with trailing spaces in their headings."""
    chance = random.Random(SEED + 1)
    people = humans(chance, 90)
    teachers = ["Nora Feld", "Peter Okoro", "Sandra Kim", "Luis Prado"]
    types = {
        "Swedish Massage (60 min)": (60, 80),
        "Deep Tissue (90 min)": (90, 120),
        "Consultation": (30, 0),
        "Follow-up": (45, 65),
    }
    diary = Diary(chance, date(2026, 3, 2), 70)
    headings: list[object] = [
        "Start Time", "End Time", "First Name", "Last Name", "Phone", "Email", "Type", "Calendar", "Appointment Price", "Paid?",
        "Amount Paid Online", "Certificate Code", "Notes", "Date Scheduled", "Label", "Scheduled By",
        "Any injuries we should know of? ", "How did you hear of us?", "Appointment ID",
    ]  # fmt: skip
    booked: list[tuple[datetime, list[object]]] = []
    number = 880_100
    for _ in range(290):
        kind = chance.choice(list(types))
        minutes, price = types[kind]
        teacher = chance.choice(teachers)
        start, end = diary.place(teacher, minutes)
        number += 1
        booked.append((start, _appointment(chance, chance.choice(people), start, end, kind, teacher, price, number)))
    for _ in range(9):
        start, end = diary.place("Sandra Kim", 60)
        for human in chance.sample(people, 6):
            number += 1
            booked.append(
                (start, _appointment(chance, human, start, end, "Morning Yoga (class)", "Sandra Kim", 18, number))
            )
    return as_csv(
        [headings, *(row for _, row in sorted(booked, key=lambda each: (each[0], str(each[1][-1]))))]
    ).encode()


def _appointment(
    chance: random.Random,
    human: Human,
    start: datetime,
    end: datetime,
    kind: str,
    teacher: str,
    price: int,
    number: int,
) -> list[object]:
    online = price if price and chance.random() < 0.4 else 0
    label = chance.choice(["", "", "", "", "", "", "No Show", "Confirmed"])
    scheduled = start - timedelta(days=chance.randrange(1, 25))
    return [
        words(start), words(end), human.first, human.last, f"'{human.phone}", human.email, kind, teacher, f"{price}.00",
        "yes" if online else "no", f"{online}.00", chance.choice(["", "", "", "GIFT22"]), chance.choice(["", "", "Left shoulder"]),
        f"{scheduled:%Y-%m-%d}", label, chance.choice(["", "reception"]), chance.choice(["", "None", "Knee, 2019"]), chance.choice(["", "A friend"]), number,
    ]  # fmt: skip


def words(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year} {moment.hour % 12 or 12}:{moment:%M} {'pm' if moment.hour >= 12 else 'am'}"


# Teachworks ------------------------------------------------------------------------------------------------------


def teachworks_students() -> bytes:
    """A workbook with the template's example row left in it."""
    chance = random.Random(SEED + 2)
    headings = [
        "First Name", "Last Name", "Email", "Home Phone", "Mobile Phone", "Address", "City", "State", "Zip/Postal Code", "Country",
        "Start Date", "Birth Date", "School", "Grade", "Subjects", "Notes", "Status", "Billing Method", "Student Hourly Cost",
        "Cost Premium Name", "Discount Rate", "Student Event Reminders", "Student Event Notes Emails",
    ]  # fmt: skip
    rows: list[list[object]] = [headings]
    rows.append(
        ["John", "Smith", "john@example.com", "555-123-4567", "", "1 Main Street", "Springfield", "IL", "62701", "USA", "2020-01-15",
         "2008-03-20", "Example School", 5, "Math, English", "This is an example. Please delete this row.", "Active", "Service List Cost",
         "", "", "", "On", "On"]
    )  # fmt: skip
    for human in humans(chance, 310):
        status = chance.choices(["Active", "Inactive", "Prospective"], [8, 2, 1])[0]
        billing = chance.choice(["Service List Cost", "Student Cost", "Flat Fee", "Package"])
        rows.append(
            [human.first, human.last, human.email if chance.random() < 0.9 else "", "", human.phone, f"{chance.randrange(1, 200)} Oak Road",
             chance.choice(["Springfield", "Riverton", "Lakeside"]), "IL", f"62{chance.randrange(100, 999)}", "USA", date(2025, chance.randrange(1, 13), 10),
             human.birthday, chance.choice(["", "Lincoln Middle School"]), chance.randrange(1, 13), chance.choice(["Math", "Math, English", "Piano, Theory", ""]),
             chance.choice(["", "Needs extra time"]), status, billing, 45 if billing == "Student Cost" else "", "", chance.choice(["", 10]), "On", "Off"]
        )  # fmt: skip
    return workbook("Students", rows)


def teachworks_teachers() -> bytes:
    """CSV as Windows writes it, semicolons, some who do not teach."""
    chance = random.Random(SEED + 3)
    rows: list[list[object]] = [
        ["First Name", "Last Name", "Email", "Mobile Phone", "City", "Country", "Wage Method", "Employee Hourly Wage", "Wage Tier Name", "Hire Date",
         "Birth Date", "Position", "Include As Teacher", "Subjects", "Notes", "Status", "Event Reminders", "SMS Reminders"]
    ]  # fmt: skip
    for human in humans(chance, 305):
        teaches = chance.random() < 0.93
        wage = chance.choice(["Service List Wage", "Employee Wage"])
        rows.append(
            [human.first, human.last, human.email, human.phone, chance.choice(["Köln", "Zürich", "Málaga"]), "", wage, 32.5 if wage == "Employee Wage" else "", "",
             f"2024-{chance.randrange(1, 13):02}-01", human.birthday.isoformat(), "Teacher" if teaches else "Reception", "Yes" if teaches else "No",
             chance.choice(["Math", "Geige, Klavier", ""]), "", chance.choices(["Active", "Inactive"], [9, 1])[0], "On", "Off"]
        )  # fmt: skip
    return as_csv(rows, delimiter=";").encode("cp1252", "replace").replace(b"?", b"c")


# Mindbody --------------------------------------------------------------------------------------------------------


def mindbody_people() -> list[Human]:
    """The clients of one studio, some of them known by a first name only."""
    found = humans(random.Random(SEED + 4), 330)
    return [replace(human, last="") if human.number % 27 == 0 else human for human in found]


def listed(human: Human) -> str:
    return f"{human.last}, {human.first}" if human.last else human.first


def mindbody_mailing_list() -> bytes:
    """A web table called .xls: rows without their opening tag, `.` for no surname, a phone of ones and zeros for none."""
    chance = random.Random(SEED + 5)
    people = mindbody_people()
    rows = []
    for human in people:
        last = human.last or "."
        mobile = chance.choices(["10000000000", human.phone.replace(" ", "").replace("+", "")], [1, 6])[0]
        nickname = human.first[:3] if chance.random() < 0.1 else ""
        email = human.email if chance.random() < 0.85 else ""
        rows.append(
            [last, human.first, nickname, 100_000_000 + human.number, mobile, chance.choice(["", "10000000000"]), email]
        )
    return web_table(
        "Mailing List",
        ["Last name", "First name", "Nickname", "ID", "Mobile phone", "Home phone", "Email"],
        rows,
        [["Total clients", len(people)]],
    )


def mindbody_account_balances() -> bytes:
    chance = random.Random(SEED + 8)
    people = mindbody_people()
    rows, total = [], 0
    for human in people[:310]:
        cents = chance.choice([-12_000, -4_550, -1_000, 500, 2_500, 10_000, 33_333, 0])
        total += cents
        rows.append([100_000_000 + human.number, listed(human), money(cents)])
    return web_table("Account Balances", ["ID", "Client", "Account balance"], rows, [["", "Total", money(total)]])


def mindbody_sales() -> bytes:
    """Month first, although most of its reports write the day first; returns below zero; subtotals by week."""
    chance = random.Random(SEED + 6)
    people = mindbody_people()
    items = {
        "10 Class Card": 14_000,
        "Drop-in": 1_800,
        "Monthly Unlimited": 9_900,
        "Water bottle": 1_250,
        "Yoga mat": 3_495,
    }
    rows: list[list[object]] = []
    total = paid_total = week = 0
    sales = sorted(date(2026, 4, 1) + timedelta(days=chance.randrange(30)) for _ in range(315))
    for number, day in enumerate(sales, start=1):
        human, item = chance.choice(people[:120]), chance.choice(list(items))
        sign = -1 if chance.random() < 0.03 else 1
        cents = items[item] * sign
        paid = cents if chance.random() < 0.9 else 0
        total, paid_total, week = total + cents, paid_total + paid, week + cents
        rows.append(
            [f"{day.month}/{day.day}/{day.year}", listed(human), 5000 + number, item, "Main Street", sign, money(cents), money(paid),
             chance.choice(["Visa/MC", "Cash", "Check"]) if paid else ""]
        )  # fmt: skip
        if number % 60 == 0:
            rows.append(["Subtotal", "", "", "", "", "", money(week), "", ""])
            week = 0
    headings = [
        "Sale Date",
        "Client",
        "Sale ID",
        "Item Name",
        "Location",
        "Quantity",
        "Item Total",
        "Total Paid w/ Payment Method",
        "Payment Method",
    ]
    return web_table(
        "Sales", headings, rows, [["Grand Total", "", "", "", "", "", money(total), money(paid_total), ""]]
    )


def money(cents: int) -> str:
    text = f"{abs(cents) // 100:,}.{abs(cents) % 100:02}"
    return f"-{text}" if cents < 0 else text


def web_table(title: str, headings: list[str], rows: list[list[object]], ends: list[list[object]]) -> bytes:
    lines = [
        f"<html><head><style>td {{ font: 10pt Arial }}</style></head><body><table border=1><tr><td colspan={len(headings)}><b>{title}</b></td></tr>"
    ]
    lines.append("<tr>" + "".join(f"<td><b>{escape(each)}</b></td>" for each in headings) + "</tr>")
    for index, row in enumerate([*rows, *ends]):
        opening = "" if index % 7 == 3 else "<tr>"
        lines.append(opening + "".join(f"<td>{escape(str(cell)) or '&nbsp;'}</td>" for cell in row) + "</tr>")
    lines.append("</table></body></html>")
    return "\r\n".join(lines).encode("cp1252", "xmlcharrefreplace")


# Easy!Appointments -----------------------------------------------------------------------------------------------


def easyappointments() -> bytes:
    """A dump of the database: people of every role, times away, quotes and lines in notes, NULL."""
    chance = random.Random(SEED + 7)
    people = humans(chance, 85)
    services = [(1, "Haircut", 30, "35.00", 1), (2, "Colour", 90, "95.50", 1), (3, "Styling workshop", 120, "40.00", 6)]
    users = [(1, "Root", "Admin", "root@example.net", "", 1)]
    users += [
        (number, human.first, human.last, human.email, human.phone, 2)
        for number, human in enumerate(people[:5], start=2)
    ]
    users += [
        (number, human.first, human.last, human.email, human.phone, 3)
        for number, human in enumerate(people[5:], start=7)
    ]
    diary = Diary(chance, date(2026, 4, 1), 45)
    rows: list[str] = []
    number = 0
    for _ in range(310):
        provider = chance.randrange(2, 7)
        service = chance.choice(services[:2])
        start, end = diary.place(str(provider), service[2])
        number += 1
        status = chance.choices(["Booked", "Confirmed", "Cancelled", "No-Show"], [6, 6, 1, 1])[0]
        rows.append(
            _sql_row(
                number,
                start,
                end,
                provider,
                chance.randrange(7, len(users) + 1),
                service[0],
                status,
                chance.choice([None, "It's urgent", "Two\nlines; (really)"]),
            )
        )
        if number % 40 == 0:
            start, end = diary.place(str(provider), 120)
            number += 1
            rows.append(_sql_row(number, start, end, provider, None, None, "", "Holiday", away=1))
    start, end = diary.place("3", 120)
    for customer in range(10, 15):
        number += 1
        rows.append(_sql_row(number, start, end, 3, customer, 3, "Booked", None))
    head = (
        "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `ea_appointments`;\n"
        "CREATE TABLE `ea_appointments` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n  `book_datetime` datetime DEFAULT NULL,\n"
        "  `start_datetime` datetime DEFAULT NULL,\n  `end_datetime` datetime DEFAULT NULL,\n  `location` text,\n  `status` varchar(512) DEFAULT '',\n"
        "  `notes` text,\n  `hash` text,\n  `is_unavailability` tinyint(4) NOT NULL DEFAULT 0,\n  `id_users_provider` int(11) DEFAULT NULL,\n"
        "  `id_users_customer` int(11) DEFAULT NULL,\n  `id_services` int(11) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n"
    )
    tables = [
        head,
        *(
            f"INSERT INTO `ea_appointments` VALUES {','.join(rows[start : start + 100])};\n"
            for start in range(0, len(rows), 100)
        ),
        "INSERT INTO `ea_services` (`id`, `name`, `duration`, `price`, `currency`, `description`, `attendants_number`, `is_private`) VALUES\n"
        + ",\n".join(
            f"({number}, {quoted(name)}, {minutes}, {price}, '', NULL, {places}, 0)"
            for number, name, minutes, price, places in services
        )
        + ";\n",
        "INSERT INTO `ea_users` (`id`, `first_name`, `last_name`, `email`, `mobile_number`, `phone_number`, `address`, `city`, `zip_code`, `notes`, `timezone`, `language`, `custom_field_1`, `id_roles`) VALUES\n"
        + ",\n".join(
            f"({number}, {quoted(first)}, {quoted(last)}, {quoted(email)}, NULL, {quoted(phone)}, NULL, 'Riverton', '62701', NULL, 'UTC', 'english', NULL, {role})"
            for number, first, last, email, phone, role in users
        )
        + ";\n",
    ]
    return "".join(tables).encode()


def _sql_row(
    number: int,
    start: datetime,
    end: datetime,
    provider: int,
    customer: int | None,
    service: int | None,
    status: str,
    note: str | None,
    *,
    away: int = 0,
) -> str:
    values = [
        str(number), quoted(f"{start - timedelta(days=9):%Y-%m-%d %H:%M:%S}"), quoted(f"{start:%Y-%m-%d %H:%M:%S}"), quoted(f"{end:%Y-%m-%d %H:%M:%S}"),
        "''", quoted(status), quoted(note), quoted(f"{number:08x}"), str(away), str(provider), str(customer or "NULL"), str(service or "NULL"),
    ]  # fmt: skip
    return f"({','.join(values)})"


def quoted(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


# ---------------------------------------------------------------------------------------------------------------------


def workbook(title: str, rows: list[list[object]]) -> bytes:
    """A small workbook, the same bytes every time: no dates of its making."""
    body = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for column, value in enumerate(row):
            place = f"{letters(column)}{number}"
            if value == "":
                continue
            if isinstance(value, date):
                cells.append(f'<c r="{place}" s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>')
            elif isinstance(value, int | float):
                cells.append(f'<c r="{place}"><v>{value}</v></c>')
            else:
                cells.append(
                    f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'
                )
        body.append(f'<row r="{number}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(body)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
    return out.getvalue()


def letters(column: int) -> str:
    return chr(65 + column) if column < 26 else letters(column // 26 - 1) + chr(65 + column % 26)


def foreign_files() -> dict[str, bytes]:
    return {
        "acuity/clients.csv": acuity_clients(),
        "acuity/appointments.csv": acuity_appointments(),
        "teachworks/students.xlsx": teachworks_students(),
        "teachworks/teachers.csv": teachworks_teachers(),
        "mindbody/mailing-list.xls": mindbody_mailing_list(),
        "mindbody/account-balances.xls": mindbody_account_balances(),
        "mindbody/sales.xls": mindbody_sales(),
        "easyappointments/database.sql": easyappointments(),
    }
