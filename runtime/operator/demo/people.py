"""People: a list as it comes out of a spreadsheet, good rows and bad, and what they would say."""

from pathlib import Path

LIST = Path(__file__).with_name("people.csv").read_text(encoding="utf-8")
BAD_LINES = 3

TASKS = {
    "ines.duarte@harbourlight.example": "Offer a short call about the new hires' first month.",
    "tomasz@kowal-roofing.example": "Offer to show how quotes can go out on the same day.",
    "priya.raman@northfield.example": "Ask how the third site is planned and offer our checklist.",
    "jonas.weber@brueckner-druck.example": "Invite him to our stand at the fair in spring.",
    "mei.tanaka@quaystone.example": "Offer a tour of the new training room.",
}

WHO_ANSWERS = "ines.duarte@harbourlight.example"
WHO_STAYS_SILENT = "tomasz@kowal-roofing.example"
WHOSE_DRAFT_IS_SENT_BACK = "priya.raman@northfield.example"
WHO_IS_AWAY = "jonas.weber@brueckner-druck.example"
WHO_WANTS_NO_MORE = "mei.tanaka@quaystone.example"

SIGNATURE = "Clara Holm\nBright Start Onboarding"
FEEDBACK = "Shorter, and ask one question only."
REPLY = "Thank you, that sounds useful. Could we talk on Thursday afternoon?"
ABSENCE = "Ich bin bis {until} nicht im Büro und lese meine E-Mails erst danach."
