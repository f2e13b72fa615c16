// Shows what the server has to tell, and leads to the page it is about.  It keeps no page and
// answers no request: what the dashboard shows comes from the server.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("push", (event) => event.waitUntil(show(told(event.data))));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(moved(event)));
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path));
});

// A push that shows nothing costs the site its leave to push: even one that cannot be read is shown.
function told(data) {
  try {
    return data.json();
  } catch {
    return { text: "Something waits for you.", tag: "rapport" };
  }
}

function show({ text, tag, path, at }) {
  return registration.showNotification("Rapport", {
    body: text,
    tag,
    // The same tag takes the older one's place; it is news all the same.
    renotify: true,
    timestamp: Date.parse(at) || Date.now(),
    data: { path },
  });
}

// A window that is open goes there by itself, so that nothing unsaved is lost.
async function open(path) {
  const place = new URL(path || "/", location.origin);
  const address = place.origin === location.origin ? place.pathname + place.search : "/";
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const seen = windows.find(({ visibilityState }) => visibilityState === "visible") ?? windows[0];
  if (!seen) return clients.openWindow(address);
  seen.postMessage({ open: address });
  return seen.focus();
}

// Its push service has given this browser another address.  The server is told, if whoever asked
// for notifications here is still signed in; if not, the dashboard tells it when they are.
async function moved({ oldSubscription, newSubscription }) {
  if (!oldSubscription) return;
  const { endpoint, options } = oldSubscription;
  const now = newSubscription ?? (await registration.pushManager.subscribe(options));
  const id = (await ask(KNOWN, { endpoint }))?.pushSubscription?.id;
  if (!id) return;
  const { endpoint: there, keys } = now.toJSON();
  const browser = { endpoint: there, p256dh: keys.p256dh, auth: keys.auth };
  await ask(MOVE, { input: { pushSubscriptionId: id, browser } });
}

const KNOWN = "query ($endpoint: String!) { pushSubscription(endpoint: $endpoint) { id } }";
const MOVE = `mutation ($input: UpdatePushSubscriptionInput!) {
  updatePushSubscription(input: $input) { userErrors { code } }
}`;

async function ask(query, variables) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return answer.ok ? (await answer.json()).data : undefined;
}
