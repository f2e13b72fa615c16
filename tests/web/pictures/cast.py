"""Cast: who is written to in the pictures, about what, and what they answer.

The people of the demo, and those whom their authors met at a fair a little later.  Days count
from the first one; each deed has its day.
"""

from dataclasses import dataclass
from pathlib import Path

from runtime.models import Stage
from runtime.operator.demo import people

COMPANY, PERSON = "Bright Start Onboarding", "Clara Holm"
COLLEAGUES = Path(__file__).with_name("colleagues.csv").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Errand:
    """A first mail that somebody hands over on a day."""

    day: int
    email: str
    instruction: str


@dataclass(frozen=True)
class Answer:
    """What somebody writes back on a day; ``away``: their mail program does."""

    day: int
    email: str
    text: str
    away: bool = False


@dataclass(frozen=True)
class Deal:
    """An opportunity, and the stages that a person moves it to, each on a day."""

    day: int
    email: str
    title: str
    value: float
    next_step: str | None = None
    moves: tuple[tuple[int, Stage], ...] = ()


INES, TOMASZ, PRIYA = (
    people.WHO_ANSWERS,
    people.WHO_STAYS_SILENT,
    people.WHOSE_DRAFT_IS_SENT_BACK,
)
JONAS, MEI = people.WHO_IS_AWAY, people.WHO_WANTS_NO_MORE
RUI, EWA = "rui.tavares@harbourlight.example", "ewa@kowal-roofing.example"
ANITA, TOM = "anita.desai@northfield.example", "tom.ashby@northfield.example"
SAMIR, LEILA = "samir@lumen.example", "leila.benali@lumen.example"
KATRIN, DANIEL = "katrin.vogel@brueckner-druck.example", "daniel.okafor@quaystone.example"
FREJA, MIKKEL = "freja.lind@aaby-bagerier.example", "mikkel.krog@aaby-bagerier.example"
SOFIA, NIAMH = "sofia@marchetti-piastrelle.example", "niamh.byrne@corrib-freight.example"
OSKAR, HELENE = "oskar@nyman-verkstad.example", "helene.faure@atelier-faure.example"
LUKAS, AMARA = "lukas.steiner@steiner-kuechen.example", "amara.nwosu@greenway-care.example"
PIETER, ZOFIA = "pieter@dewit-tuinen.example", "zofia@mazur-dental.example"
HENRIK, MAJA = "henrik.dahl@dahl-marine.example", "maja.holt@fjord-udlejning.example"
SIGNE, YUSUF = "signe.toft@havnehotellet.example", "yusuf@kaya-transport.example"
CLEMENCE = "clemence.roy@maison-roy.example"
BRAM, TERESA = "bram@peeters-fietsen.example", "teresa.reyes@olivar.example"

BOUNCES = TOM
"""Whose address is dead."""
IN_DOUBT = PIETER
"""Of whose mail nobody knows whether it left."""
MET_ON = 2
"""The day on which the people of the fair come into the house."""
UNSUBSCRIBES_ON = 8
"""The day on which Mei wants no more mail."""
HELD_BACK = (LUKAS, NIAMH)
"""Whose next follow-up nobody has decided on yet."""
LAST = (PRIYA, HENRIK, ZOFIA, HELENE)
"""Whose first mail waits for a decision on the day of the pictures."""

ERRANDS = (
    Errand(0, TOMASZ, people.TASKS[TOMASZ]),
    Errand(0, INES, people.TASKS[INES]),
    Errand(1, JONAS, people.TASKS[JONAS]),
    Errand(1, MEI, people.TASKS[MEI]),
    Errand(2, SAMIR, "Ask who prepares new colleagues for the fitting rooms."),
    Errand(2, OSKAR, "Show how two apprentices can start on the same day."),
    Errand(3, FREJA, "Propose a first week plan for the summer staff."),
    Errand(6, LEILA, "Invite her to try the course planner with one class."),
    Errand(6, TOM, "Ask which roles are hard to fill this summer."),
    Errand(7, DANIEL, "Offer a tour of the new training room."),
    Errand(7, EWA, "Show how a first day fits into the family's calendar."),
    Errand(8, AMARA, "Offer the checklist for the first month in care."),
    Errand(9, ANITA, "Ask what the second site would do differently today."),
    Errand(8, SIGNE, "Ask how the front desk welcomes new faces."),
    Errand(9, YUSUF, "Offer the first week plan for drivers."),
    Errand(10, CLEMENCE, "Show how two bakers can share one mentor."),
    Errand(10, MAJA, "Ask how the summer helpers learn the boats."),
    Errand(13, SOFIA, "Offer a welcome kit for the second showroom."),
    Errand(14, KATRIN, "Invite her to the breakfast for personnel managers."),
    Errand(15, RUI, "Share the one-page overview for exhibition teams."),
    Errand(14, MIKKEL, "Ask how the shops share what new staff must know."),
    Errand(13, BRAM, "Offer the first day checklist for mechanics."),
    Errand(20, NIAMH, "Offer a plan for the first night shifts in June."),
    Errand(21, LUKAS, "Show how kitchens are explained to new sales staff."),
    Errand(22, TERESA, "Invite her to the morning for harvest teams."),
    Errand(27, PIETER, "Offer a planting season guide for new gardeners."),
    Errand(27, HELENE, "Propose a short visit to the studio in June."),
    Errand(27, ZOFIA, "Offer help with the first week after the move in July."),
    Errand(29, HENRIK, "Propose an induction day for the twelve new welders."),
    Errand(29, PRIYA, people.TASKS[PRIYA]),
)

ANSWERS = (
    Answer(2, JONAS, people.ABSENCE.format(until="04.05.2026"), away=True),
    Answer(6, INES, people.REPLY),
    Answer(8, OSKAR, "Sounds good, happy to try it with both of them."),
    Answer(9, FREJA, "We are interested. Could you come by in Aarhus next week?"),
    Answer(10, DANIEL, "No, thank you. We train our people ourselves."),
    Answer(20, AMARA, "Please ask my colleague who runs the homes, I only pay for them."),
    Answer(23, SOFIA, "That sounds interesting. What would be in the kit?"),
    Answer(24, LEILA, "Happy to. How many seats are there in one class?"),
)

DEALS = (
    Deal(0, INES, "The new hires' first month", 4_800, None, ((24, Stage.MEETING),)),
    Deal(0, TOMASZ, "Quotes on the same day", 2_600),
    Deal(1, JONAS, "After the fair", 6_200, "Call when he is back"),
    Deal(1, MEI, "Training room, spring", 3_000, None, ((9, Stage.LOST),)),
    Deal(2, OSKAR, "Two apprentices", 3_400, "Send the contract", ((15, Stage.WON),)),
    Deal(3, FREJA, "Summer staff, forty people", 12_800, "Visit in Aarhus", ((14, Stage.MEETING),)),
    Deal(6, LEILA, "Course planner for Lumen", 9_400, "Answer about the seats"),
    Deal(6, TOM, "Recruiting for three sites", 5_500, "Find the right person"),
    Deal(13, SOFIA, "Welcome kit for showrooms", 5_200, "Send a sample"),
    Deal(20, NIAMH, "Night shifts in June", 7_900, "Agree on a start"),
    Deal(27, ZOFIA, "Practice move in July", 2_200, "Offer two dates"),
    Deal(29, PRIYA, "Third site", 18_500, "Learn who plans it"),
    Deal(29, HENRIK, "Twelve welders", 15_000),
)

PAGES = {
    "https://northfield.example/news": (
        "Northfield Clinics opens its third site in September. Parking is free on Sundays. "
        "Northfield Clinics is looking for thirty nurses until then."
    ),
    "https://dahl-marine.example/yard": (
        "Dahl Marine moves into the new boat hall in August. The hall is 90 metres long. "
        "Henrik Dahl will hire twelve welders for it."
    ),
    "https://mazur-dental.example/": (
        "Mazur Dental moves to the old post office in July. We are there from eight to four."
    ),
    "https://atelier-faure.example/": (
        "Atelier Faure takes on four restorers for the museum in Lyon this summer. "
        "The studio has two floors."
    ),
    "https://lumen.example/team": "Lumen Optics trains forty opticians a year in its own school.",
}
"""What stands on the pages that are listed, for whom the same domain's people are."""

EDITS = (
    ("Hello", "Dear"),
    (
        (
            "Would you have a few minutes for it in the coming days? "
            "A short reply is enough, and so is a no."
        ),
        "Would an hour in the second week of June suit you?",
    ),
)
"""Which words of the edited draft a person changed, and into which."""
FEEDBACK = people.FEEDBACK
WISH = "Mention that we have done this for a shipyard before."
QUESTION = "How do things stand?"
TROUBLE = "The letter could not be read."
STRANGER = (
    "R. Tavares <rui.t@correio.example>",
    "The overview",
    "Thank you for the overview, I read it on my way home. May I keep it for our June meeting?",
)
"""A mail from an address that nobody knows."""
