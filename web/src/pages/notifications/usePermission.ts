/** usePermission: whether this browser may show notifications, as the person decided last. */

import { useEffect, useState } from "react";

export function usePermission(): NotificationPermission {
  const [permission, setPermission] = useState(Notification.permission);
  useEffect(() => {
    let status: PermissionStatus | undefined;
    let over = false;
    const look = () => setPermission(Notification.permission);
    navigator.permissions.query({ name: "notifications" }).then(
      (found) => {
        if (over) return;
        status = found;
        status.addEventListener("change", look);
      },
      () => undefined, // not every browser tells of changes
    );
    return () => {
      over = true;
      status?.removeEventListener("change", look);
    };
  }, []);
  return permission;
}
