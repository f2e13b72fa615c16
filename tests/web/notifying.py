"""A browser that may notify: its part in the Push API is played, as is what a browser lacks.

Nothing here may call a push service.  npm's browser has no place to show a notification in and
says no to all; there its worker keeps what it would show.
"""

import json

from playwright.sync_api import BrowserContext

from tests.fakes.push import FakeBrowser

ENDPOINT = "https://fcm.googleapis.com/fcm/send/a-browser-of-ours"
ELSEWHERE = f"{ENDPOINT}-elsewhere"
_PUSH = """([endpoint, keys]) => {
    const made = () => sessionStorage.getItem("push") && {
        endpoint, toJSON: () => ({ endpoint, keys }),
        unsubscribe: async () => { sessionStorage.removeItem("push"); return true; },
    };
    PushManager.prototype.subscribe = async function ({ applicationServerKey }) {
        sessionStorage.setItem("push", applicationServerKey);
        return made();
    };
    PushManager.prototype.getSubscription = async () => made() || null;
}"""
_LEAVE = """
    if (Notification.permission !== "granted") {
        Object.defineProperty(Notification, "permission", { value: "granted" });
        Notification.requestPermission = async () => "granted";
    }
"""
_PLACE = """() => {
    if (Notification.permission === "granted") return;
    const shown = new Map();
    Object.assign(ServiceWorkerRegistration.prototype, {
        showNotification: async (title, options) => shown.set(options.tag, {
            title, ...options, close: () => shown.delete(options.tag),
        }),
        getNotifications: async () => [...shown.values()],
    });
}"""
_SHOWN = """async () => (await registration.getNotifications())
    .map(({ title, body, tag, data }) => [title, body, tag, data.path])"""
_PRESS = """async () => {
    const [notification] = await registration.getNotifications();
    const press = new ExtendableEvent("notificationclick");
    dispatchEvent(Object.assign(press, { notification }));
}"""

_MOVE = """async ([before, endpoint, keys]) => {
    const change = new ExtendableEvent("pushsubscriptionchange");
    dispatchEvent(Object.assign(change, {
        oldSubscription: { endpoint: before, options: {} },
        newSubscription: { toJSON: () => ({ endpoint, keys }) },
    }));
}"""


def give_leave(context: BrowserContext, url: str) -> None:
    """Have the person in front of this browser say yes to notifications of ours."""
    context.grant_permissions(["notifications"], origin=url)
    context.add_init_script(_LEAVE)
    keys = FakeBrowser(ENDPOINT).keys
    context.add_init_script(f"({_PUSH})({json.dumps([ENDPOINT, keys])})")


def give_place(context: BrowserContext) -> None:
    """Have the worker, which must be there, show notifications even where the browser cannot."""
    context.service_workers[0].evaluate(_PLACE)


def shown(context: BrowserContext) -> list[list[str]]:
    """Return title, text, tag and path of each notification that stands on the screen."""
    found: list[list[str]] = context.service_workers[0].evaluate(_SHOWN)
    return found


def move(context: BrowserContext) -> None:
    """Have the browser's push service give it another address."""
    moved = [ENDPOINT, ELSEWHERE, FakeBrowser(ELSEWHERE).keys]
    context.service_workers[0].evaluate(_MOVE, moved)


def press(context: BrowserContext) -> None:
    """Press the first of them."""
    context.service_workers[0].evaluate(_PRESS)
