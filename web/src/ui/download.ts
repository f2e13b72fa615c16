/** Download: a file made here, saved where the browser saves files. */

export function download(name: string, type: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  // The browser reads it after the click; it holds the memory until then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
