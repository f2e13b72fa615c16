/** Main: mounts the shell; nothing else. */

import "./styles/tokens.css";
import "./styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { client } from "./client";
import { Shell } from "./shell";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Provider value={client}>
        <Shell />
      </Provider>
    </StrictMode>,
  );
}
