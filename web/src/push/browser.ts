/** Browser: what this one can do about notifications, and how it is reached. */

const WORKER = "/sw.js";

/** Why there can be none, or undefined if there can. */
export type Lack = "insecure" | "unsupported";

export function lack(): Lack | undefined {
  if (!isSecureContext) return "insecure";
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  return able ? undefined : "unsupported";
}

/** Where this browser is reached, or undefined while it is not. */
export async function endpoint(): Promise<string | undefined> {
  return (await subscription())?.endpoint;
}

export async function subscription(): Promise<PushSubscription | null> {
  if (lack()) return null;
  const registered = await navigator.serviceWorker.getRegistration("/");
  return (await registered?.pushManager.getSubscription()) ?? null;
}

/** Ask the person, then the browser's push service.  Throws when one of them says no. */
export async function subscribe(serverKey: string): Promise<PushSubscription> {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error("The browser was not allowed to show notifications.");
  }
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: serverKey };
  try {
    return await pushManager.subscribe(options);
  } catch (error) {
    // It may be subscribed with a key that the server no longer has.
    const old = await pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return pushManager.subscribe(options);
  }
}

/** Have this browser reached no more; the server's own list is another matter. */
export async function unsubscribe(): Promise<void> {
  await (await subscription())?.unsubscribe();
}
