// Before the first paint, or a page in the other theme would flash.
try {
  const theme = localStorage.getItem("rapport.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden here: the system's theme it is.
}
