/** Viewer: who is signed in, and what they may do; the server decides, this only hides buttons. */

import { createContext, useContext } from "react";

export interface Viewer {
  name: string;
  role: "OWNER" | "MEMBER" | "VIEWER";
  workspace: { id: string; name: string; timezone: string };
}

export const ViewerContext = createContext<Viewer | null>(null);

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (!viewer) throw new Error("Pages are shown inside the shell only.");
  return viewer;
}

/** Whether the viewer may decide and change things. */
export function useMayWork(): boolean {
  return useViewer().role !== "VIEWER";
}

/** Whether the viewer may set agents and the workspace. */
export function useIsOwner(): boolean {
  return useViewer().role === "OWNER";
}
