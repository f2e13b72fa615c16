"""Story: one afternoon with Rapport, each step told and then looked at.

A step that did not happen raises StepFailedError; nothing here is taken on trust, all of it
is read back over the same API that the dashboard uses.
"""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from runtime.operator.demo import people
from runtime.operator.demo.api import Api, StepFailedError
from runtime.operator.demo.mailbox import Mailbox
from runtime.operator.demo.stage import Stage

WAITS = ["PT3S", "PT3S"]

_TASK = """id status error { message } contact { id email name status }
    draft { id version status fingerprint subject body writer }
    sentEmail { id status transport sentAt receipt { rule passed detail } }
    followUps { id step maxSteps status reason dueAt executedAt sentEmail { id status } }
    escalations { id kind reason resolvedAt }"""
_MAIL = "id to subject status sentAt task { id } followUp { step }"

Task = dict[str, Any]


class Story:
    """The steps in their order; ``tell`` tells them all."""

    def __init__(self, api: Api, stage: Stage, mailbox: Mailbox) -> None:
        self._api, self._stage, self._mailbox = api, stage, mailbox
        self._tasks: dict[str, str] = {}

    def tell(self) -> None:
        """Go through every step, or raise StepFailedError at the one that does not happen."""
        self._import_people()
        self._set_the_pace()
        self._assign()
        self._approve(self._send_one_back(self._await_drafts()))
        self._await_mails()
        self._be_away()
        self._unsubscribe()
        self._answer()
        self._await_escalation()
        self._settle()
        self._count()

    def _import_people(self) -> None:
        self._stage.step("A list of people, as it came out of a spreadsheet")
        outcome = self._api.do(
            "importContacts", "created updated skipped failed { line value reason }",
            csv=people.LIST,
        )  # fmt: skip
        self._stage.imported(outcome)
        if outcome["created"] != len(people.TASKS) or len(outcome["failed"]) != people.BAD_LINES:
            raise StepFailedError("import: five people and three bad lines were expected")

    def _set_the_pace(self) -> None:
        self._stage.step("A signature, and follow-ups after three seconds instead of three days")
        self._set("OUTREACH", outreach={"signature": people.SIGNATURE})
        self._set("FOLLOW_UP", followUp={"waits": WAITS, "businessDaysOnly": False})

    def _assign(self) -> None:
        self._stage.step("A task for each of them")
        outreach = self._agent("OUTREACH")
        contacts = self._api.ask("{ contacts(first: 100) { nodes { id email name } } }")
        by_email = {c["email"]: c for c in contacts["contacts"]["nodes"]}
        for email, instruction in people.TASKS.items():
            task = self._api.do(
                "assignTask", "task { id }",
                agentId=outreach, contactId=by_email[email]["id"], instruction=instruction,
            )["task"]  # fmt: skip
            self._tasks[email] = task["id"]
            self._stage.line(f"{by_email[email]['name']}: {instruction}")

    def _await_drafts(self) -> list[Task]:
        self._stage.step("The agent writes; nothing goes out")
        for email in self._tasks:
            task = self._await_status(email, "AWAITING_APPROVAL")
            self._stage.draft(task["contact"]["name"], task["draft"])
        return [self._task(email) for email in self._tasks]

    def _send_one_back(self, tasks: list[Task]) -> list[Task]:
        self._stage.step("One draft is sent back with a word of advice")
        email = people.WHOSE_DRAFT_IS_SENT_BACK
        draft = next(t["draft"] for t in tasks if t["contact"]["email"] == email)
        self._stage.line(f"“{people.FEEDBACK}”")
        self._api.do(
            "rejectDraft", "draft { status }",
            draftId=draft["id"], fingerprint=draft["fingerprint"], feedback=people.FEEDBACK,
        )  # fmt: skip
        again = self._api.until("a second version", lambda: self._second_version(email))
        self._stage.draft(again["contact"]["name"], again["draft"])
        return [again if t["contact"]["email"] == email else t for t in tasks]

    def _approve(self, tasks: list[Task]) -> None:
        self._stage.step("A person reads and approves what will be sent, to the letter")
        for task in tasks:
            draft = task["draft"]
            self._api.do(
                "approveDraft", "draft { status }",
                draftId=draft["id"], fingerprint=draft["fingerprint"],
            )  # fmt: skip
            self._stage.line(f"{task['contact']['name']}: approved, {draft['fingerprint'][:12]}…")

    def _await_mails(self) -> None:
        self._stage.step("The gate looks once more, then the mail leaves, once")
        for email in self._tasks:
            task = self._api.until(f"the mail to {email}", partial(self._sent, email))
            self._stage.sent(task["contact"]["name"], task["sentEmail"])

    def _answer(self) -> None:
        self._stage.step("One person answers, and is left in peace")
        task = self._api.until("her follow-up", self._planned)
        self._stage.follow_ups(task)
        self._stage.line(f"“{people.REPLY}”")
        self._mailbox.answer(people.WHO_ANSWERS, people.REPLY)
        reply = self._reply_of(task, "her answer")
        self._stage.line(f"read as {reply['kind']}, found by {reply['matchedBy']}")
        ended = self._api.until(
            "the end of her follow-ups", lambda: self._ended(people.WHO_ANSWERS)
        )
        self._stage.follow_ups(ended)

    def _unsubscribe(self) -> None:
        self._stage.step("One person wants no more mail, with one click in her mail program")
        email = people.WHO_WANTS_NO_MORE
        self._mailbox.unsubscribe(email)
        ended = self._api.until("the end of her follow-ups", lambda: self._left_alone(email))
        self._stage.line(f"{ended['contact']['name']} is {ended['contact']['status']}")
        self._stage.follow_ups(ended)

    def _be_away(self) -> None:
        self._stage.step("One person is away: nothing is an answer yet, so it waits for him")
        email, back = people.WHO_IS_AWAY, datetime.now(UTC).date() + timedelta(days=10)
        said = people.ABSENCE.format(until=f"{back:%d.%m.%Y}")
        self._stage.line(f"“{said}”")
        self._mailbox.answer(email, said, Auto_Submitted="auto-replied")
        reply = self._reply_of(self._task(email), "his note")
        if reply["kind"] != "out_of_office":
            raise StepFailedError(f"absence: it was read as {reply['kind']}")
        task = self._api.until("his follow-up to wait", lambda: self._waits_until(email, back))
        self._stage.follow_ups(task)
        self._stage.line(f"due on {task['followUps'][-1]['dueAt'][:10]} at the earliest")

    def _await_escalation(self) -> None:
        self._stage.step("The other stays silent: two follow-ups, then a person is called in")
        task = self._await_status(people.WHO_STAYS_SILENT, "ESCALATED", seconds=30)
        self._stage.follow_ups(task)
        if [f["status"] for f in task["followUps"]] != ["SENT"] * len(WAITS):
            raise StepFailedError("follow-ups: each step was expected to be sent, once")
        if len(task["escalations"]) != 1:
            raise StepFailedError("escalation: exactly one was expected")
        self._stage.line(task["escalations"][0]["reason"])

    def _settle(self) -> None:
        self._stage.step("A person decides what to do about it")
        escalation = self._task(people.WHO_STAYS_SILENT)["escalations"][0]
        self._api.do(
            "resolveEscalation", "escalation { resolvedAt }",
            escalationId=escalation["id"], action="CLOSE", note="I will call him.",
        )  # fmt: skip
        self._stage.line("“I will call him.”")

    def _count(self) -> None:
        self._stage.step("Looking back")
        found = self._api.ask(f"{{ sentEmails(first: 100) {{ nodes {{ {_MAIL} }} }} }}")
        mails = found["sentEmails"]["nodes"]
        written = [(mail["task"]["id"], (mail["followUp"] or {}).get("step")) for mail in mails]
        if len(written) != len(set(written)):
            raise StepFailedError("sending: one mail of each step was expected")
        answered = self._task(people.WHO_ANSWERS)
        after = [f for f in answered["followUps"] if f["status"] == "SENT"]
        if answered["status"] == "ESCALATED" or len(after) == len(WAITS):
            raise StepFailedError("reply: the follow-ups went on after it")
        self._stage.mails(mails)

    def _set(self, kind: str, **settings: dict[str, Any]) -> None:
        self._api.do("updateAgent", "agent { id }", agentId=self._agent(kind), **settings)

    def _agent(self, kind: str) -> str:
        agents = self._api.ask("{ agents { id kind } }")["agents"]
        return str(next(agent["id"] for agent in agents if agent["kind"] == kind))

    def _task(self, email: str) -> Task:
        document = f"query($id: ID!) {{ task(id: $id) {{ {_TASK} }} }}"
        task: Task = self._api.ask(document, id=self._tasks[email])["task"]
        if task["status"] == "FAILED":
            raise StepFailedError(f"{email}: {(task['error'] or {}).get('message')}")
        return task

    def _await_status(self, email: str, status: str, seconds: float = 20) -> Task:
        def look() -> Task | None:
            task = self._task(email)
            return task if task["status"] == status else None

        return self._api.until(f"{email} becoming {status}", look, seconds)

    def _reply_of(self, task: Task, what: str) -> dict[str, Any]:
        contact = task["contact"]["id"]
        document = """query($id: ID!) {
            replies(contactId: $id) { nodes { kind matchedBy text } } }"""

        def look() -> dict[str, Any] | None:
            found = self._api.ask(document, id=contact)["replies"]["nodes"]
            return found[0] if found else None

        return self._api.until(what, look)

    def _left_alone(self, email: str) -> Task | None:
        task = self._task(email)
        over = all(f["status"] in ("CANCELLED", "SENT") for f in task["followUps"])
        return task if task["contact"]["status"] == "UNSUBSCRIBED" and over else None

    def _waits_until(self, email: str, day: date) -> Task | None:
        task = self._task(email)
        last = task["followUps"][-1] if task["followUps"] else None
        return task if last and last["dueAt"][:10] > day.isoformat() else None

    def _second_version(self, email: str) -> Task | None:
        task = self._task(email)
        ready = task["status"] == "AWAITING_APPROVAL" and task["draft"]["version"] > 1
        return task if ready else None

    def _sent(self, email: str) -> Task | None:
        task = self._task(email)
        mail = task["sentEmail"]
        return task if mail and mail["status"] in ("SENT", "DELIVERED") else None

    def _planned(self) -> Task | None:
        task = self._task(people.WHO_ANSWERS)
        return task if task["followUps"] else None

    def _ended(self, email: str) -> Task | None:
        task = self._task(email)
        ends = ("CANCELLED", "SKIPPED")
        states = [f["status"] for f in task["followUps"]]
        over = any(s in ends for s in states) and all(s in (*ends, "SENT") for s in states)
        return task if over else None
