/** Theme: the system's, light or dark; remembered here, set before the first paint by theme.js. */

import { useState } from "react";
import styles from "./theme.module.css";

const KEY = "rapport.theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

function remembered(): Theme {
  const theme = document.documentElement.dataset["theme"];
  return theme === "light" || theme === "dark" ? theme : "system";
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is forbidden here: it holds until the page is left.
  }
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  return (
    <fieldset className={styles.theme}>
      <legend className="unseen">Theme</legend>
      {THEMES.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="theme"
            checked={each === theme}
            onChange={() => {
              apply(each);
              setTheme(each);
            }}
          />
          <span>{each}</span>
        </label>
      ))}
    </fieldset>
  );
}
