"""Invented people of many places: names that belong together, addresses and numbers that nobody has."""

from random import Random

from daybook.core.texts import normalise

# (first names, last names) of one place each.
FAMILIES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Aoife", "Cian", "Saoirse", "Oisín", "Niamh", "Darragh", "Róisín", "Fionn", "Gráinne", "Conor", "Ciara", "Eoin"),
        ("Murphy", "Byrne", "Kavanagh", "Ní Dhomhnaill", "O’Sullivan", "Doyle", "Brennan", "Fitzgerald", "Nolan", "Healy"),
    ),
    (
        ("Zofia", "Jakub", "Maja", "Tomasz", "Hanna", "Kacper", "Agnieszka", "Wojciech", "Lena", "Marek"),
        ("Zieliński", "Nowak", "Wiśniewska", "Kowalczyk", "Lewandowska", "Dąbrowski", "Mazur", "Wójcik"),
    ),
    (
        ("Adaeze", "Chidi", "Ngozi", "Tunde", "Folake", "Emeka", "Ifeoma", "Kelechi", "Yetunde", "Obinna"),
        ("Okafor", "Adeyemi", "Eze", "Balogun", "Nwosu", "Afolabi", "Okonkwo", "Adebayo"),
    ),
    (
        ("Ananya", "Rohan", "Priya", "Arjun", "Meera", "Vikram", "Kavya", "Ishaan", "Divya", "Aditya"),
        ("Sharma", "Nair", "Iyer", "Reddy", "Banerjee", "Kulkarni", "Menon", "Chaudhary"),
    ),
    (
        ("Mei", "Haoran", "Xinyi", "Jun", "Yuxuan", "Lan", "Zihan", "Wei", "Ruoxi", "Bo"),
        ("Chen", "Liu", "Zhang", "Huang", "Lin", "Zhou", "Xu", "Guo"),
    ),
    (
        ("Beatriz", "Thiago", "Larissa", "Rafael", "Camila", "Mateus", "Isabela", "Gustavo", "Lívia", "Caio"),
        ("Oliveira", "Ribeiro", "Carvalho", "Moreira", "Araújo", "Teixeira", "Barbosa", "Nogueira"),
    ),
    (
        ("Oksana", "Dmytro", "Sofiia", "Andrii", "Kateryna", "Maksym", "Yulia", "Bohdan", "Daryna", "Taras"),
        ("Shevchenko", "Kovalenko", "Bondarenko", "Tkachuk", "Melnyk", "Lysenko", "Hrytsenko", "Savchuk"),
    ),
    (
        ("Elif", "Emre", "Zeynep", "Kerem", "Defne", "Mert", "Ayşe", "Can", "Nehir", "Ozan"),
        ("Yılmaz", "Demir", "Kaya", "Şahin", "Aydın", "Öztürk", "Arslan", "Koç"),
    ),
    (
        ("Layla", "Omar", "Nour", "Yusuf", "Salma", "Karim", "Hana", "Tariq", "Mariam", "Sami"),
        ("Haddad", "Mansour", "Khoury", "Nassar", "El-Amin", "Farouk", "Saleh", "Aziz"),
    ),
    (
        ("Charlotte", "Oliver", "Imogen", "Henry", "Florence", "Theo", "Matilda", "Rupert", "Beth", "Callum"),
        ("Ashworth", "Whitfield", "Pemberton", "Hughes", "Radcliffe", "Sinclair", "Holloway", "Marlow"),
    ),
    (
        ("Lucía", "Mateo", "Valentina", "Diego", "Carmen", "Joaquín", "Inés", "Álvaro", "Paula", "Hugo"),
        ("García", "Navarro", "Ibáñez", "Castillo", "Muñoz", "Herrera", "Vidal", "Ortega"),
    ),
    (
        ("Minh", "Linh", "Khoa", "Thảo", "Anh", "Quân", "Trang", "Duy", "Mai", "Phúc"),
        ("Nguyễn", "Trần", "Phạm", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô"),
    ),
    (
        ("Clara", "Jonas", "Greta", "Felix", "Leonie", "Anton", "Mathilda", "Moritz", "Frieda", "Jannik"),
        ("Schneider", "Hoffmann", "Krüger", "Lindqvist", "Brandt", "Sørensen", "Vogel", "Lehmann"),
    ),
    (
        ("Haruka", "Ren", "Sakura", "Daichi", "Yui", "Kaito", "Akari", "Sota", "Hinata", "Kenji"),
        ("Tanaka", "Mori", "Yamamoto", "Fujita", "Nakajima", "Ishikawa", "Kimura", "Hayashi"),
    ),
)  # fmt: skip

STREETS = (
    "Linden Grove", "Rowan Terrace", "Heron Quay", "Sandpiper Lane", "Old Mill Road", "Kestrel Park", "Hawthorn Avenue",
    "Priory Walk", "Foxglove Close", "Chandler’s Row", "Meadowbank", "Tannery Street", "Bluebell Rise", "Orchard View",
)  # fmt: skip
DISTRICTS = ("Dublin 3", "Dublin 4", "Dublin 6", "Dublin 6W", "Dublin 7", "Dublin 8", "Dublin 9", "Dublin 14")
MAIL_HOSTS = ("example.org", "example.com", "example.net")


def pick_name(rng: Random) -> tuple[str, str, tuple[str, ...]]:
    """A first name, a last name, and the first names of the same place (for a parent or a sibling)."""
    first, last = rng.choice(FAMILIES)
    return rng.choice(first), rng.choice(last), first


def pick_phone(rng: Random) -> str:
    """A number of the Irish range that is kept for films and books."""
    return f"+353 20 91{rng.randrange(10)} {rng.randrange(10_000):04d}"


def pick_address(rng: Random) -> str:
    return f"{rng.randrange(1, 120)} {rng.choice(STREETS)}, {rng.choice(DISTRICTS)}"


def mail_address(rng: Random, first: str, last: str, number: int = 0) -> str:
    """An address at a name that is reserved for examples."""
    local = ".".join(
        "".join(
            c
            for c in normalise(part).replace("đ", "d").replace("ı", "i").replace("ø", "o")
            if c.isascii() and c.isalnum()
        )
        for part in (first, last)
    )
    return f"{local}{number or ''}@{rng.choice(MAIL_HOSTS)}"
