"""Once: nothing is sent twice.  The provider's own list says what was sent."""

from tests.simulator.invariants.scene import Scene
from tests.simulator.ledger import Taken

_STEP = "SELECT follow_up_id AS id FROM drafts WHERE id = %(draft)s"
_DRAFTS = """
    SELECT d.id FROM drafts d WHERE d.task_id = %(task)s
    AND d.follow_up_id IS NOT DISTINCT FROM %(step)s
"""


def each_text_once(scene: Scene, taken: Taken) -> str | None:
    """A text is accepted once; one that was given up afterwards may go out again."""
    same = [
        each.number
        for each in scene.ledger.taken
        if each.draft_id == taken.draft_id and not each.given_up
    ]
    return f"Mails {same} are one text." if len(same) > 1 else None


def one_first_mail(scene: Scene, taken: Taken) -> str | None:
    """A task has one first mail."""
    if _step(scene, taken) is not None:
        return None
    return _one_of(scene, taken, None)


def one_mail_a_step(scene: Scene, taken: Taken) -> str | None:
    """A follow-up is one mail."""
    step = _step(scene, taken)
    return _one_of(scene, taken, step) if step is not None else None


def _step(scene: Scene, taken: Taken) -> object:
    return scene.eye.row(_STEP, draft=taken.draft_id).id


def _one_of(scene: Scene, taken: Taken, step: object) -> str | None:
    """Return what is wrong if another version was accepted too, and was not given up since."""
    rows = scene.eye.rows(_DRAFTS, task=taken.errand.id, step=step)
    versions = {row.id for row in rows}
    out = [t.number for t in scene.ledger.taken if t.draft_id in versions and not t.given_up]
    return f"Mails {out} are versions of one." if len(out) > 1 else None
