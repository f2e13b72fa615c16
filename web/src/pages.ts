/**
 * Pages: the one table that navigation, routes and shortcuts are made of.
 *
 * A page is added by one line.  `path` is its address; whatever lies under it is the page's
 * own.  `key`: what goes there after `g`.  `aside`: it is the viewer's own, reached from their
 * corner and not from among the pages.
 */

import { type ComponentType, type LazyExoticComponent, lazy } from "react";

export interface PageEntry {
  path: string;
  name: string;
  key: string;
  page: LazyExoticComponent<ComponentType>;
  aside?: boolean;
}

export const PAGES: readonly PageEntry[] = [
  { path: "/", name: "Today", key: "t", page: lazy(() => import("./pages/today/today")) },
  { path: "/agents", name: "Agents", key: "a", page: lazy(() => import("./pages/agents/agents")) },
  {
    path: "/opportunities",
    name: "Opportunities",
    key: "o",
    page: lazy(() => import("./pages/opportunities/opportunities")),
  },
  {
    path: "/conversations",
    name: "Conversations",
    key: "c",
    page: lazy(() => import("./pages/conversations/conversations")),
  },
  {
    path: "/follow-ups",
    name: "Follow-ups",
    key: "f",
    page: lazy(() => import("./pages/followUps/followUps")),
  },
  {
    path: "/contacts",
    name: "Contacts",
    key: "p",
    page: lazy(() => import("./pages/contacts/contacts")),
  },
  {
    path: "/insight",
    name: "Insight",
    key: "i",
    page: lazy(() => import("./pages/insight/insight")),
  },
  {
    path: "/activity",
    name: "Activity",
    key: "v",
    page: lazy(() => import("./pages/activity/activity")),
  },
  { path: "/system", name: "System", key: "s", page: lazy(() => import("./pages/system/system")) },
  {
    path: "/notifications",
    name: "Notifications",
    key: "n",
    aside: true,
    page: lazy(() => import("./pages/notifications/notifications")),
  },
];

export function pageAt(address: string): PageEntry | undefined {
  return PAGES.find(
    ({ path }) => address === path || (path !== "/" && address.startsWith(`${path}/`)),
  );
}
