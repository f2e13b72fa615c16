/**
 * Diff: which words of a text went and which came, by their longest common subsequence.
 *
 * Texts of mails are short: what they begin and end with alike is put aside first, and the
 * rest costs its length squared, up to a limit beyond which all of it counts as changed.
 */

export interface Part {
  kind: "same" | "gone" | "new";
  text: string;
}

const MOST = 4_000_000;

/** Return the parts of both texts in their order: at each place what went, then what came. */
export function diff(before: string, after: string): Part[] {
  const a = words(before);
  const b = words(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail++;
  }
  const middle = changed(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return legible([
    ...a.slice(0, head).map(same),
    ...middle,
    ...(tail > 0 ? a.slice(-tail).map(same) : []),
  ]);
}

/** Words and the spaces between them, which count too: a new paragraph is a change. */
function words(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

function same(text: string): Part {
  return { kind: "same", text };
}

function changed(a: string[], b: string[]): Part[] {
  const width = b.length + 1;
  if (a.length * b.length > MOST) {
    return [
      { kind: "gone", text: a.join("") },
      { kind: "new", text: b.join("") },
    ];
  }
  // lengths[i * width + j]: how much a from i and b from j have in common.
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: Part[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [old = "", fresh = ""] = [a[i], b[j]];
    if (i < a.length && j < b.length && old === fresh) {
      parts.push(same(old));
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      parts.push({ kind: "gone", text: old });
      i++;
    } else {
      parts.push({ kind: "new", text: fresh });
      j++;
    }
  }
  return parts;
}

/** What went and what came at one place; `after`: what both texts go on with from there. */
interface Change {
  gone: string;
  came: string;
  after: string;
}

/**
 * Join neighbours, and what lies about a word or two that both texts have by chance: where most
 * was written anew, that is read as a whole and not as confetti.
 */
function legible(parts: Part[]): Part[] {
  const changes: Change[] = [];
  for (const change of byPlace(parts)) {
    const last = changes.at(-1);
    if (last && isIsland(last, change)) {
      last.gone += last.after + change.gone;
      last.came += last.after + change.came;
      last.after = change.after;
    } else {
      changes.push(change);
    }
  }
  return changes
    .flatMap(({ gone, came, after }): Part[] => [
      { kind: "gone", text: gone },
      { kind: "new", text: came },
      same(after),
    ])
    .filter(({ text }) => text !== "");
}

function isIsland({ gone, came, after }: Change, next: Change): boolean {
  const few = words(after).filter((word) => word.trim()).length <= 2;
  const least = Math.min(
    Math.max(gone.length, came.length),
    Math.max(next.gone.length, next.came.length),
  );
  return few && after.length <= least;
}

function byPlace(parts: Part[]): Change[] {
  const changes: Change[] = [{ gone: "", came: "", after: "" }];
  for (const { kind, text } of parts) {
    let last = changes.at(-1) as Change;
    if (kind !== "same" && last.after !== "") {
      last = { gone: "", came: "", after: "" };
      changes.push(last);
    }
    last[kind === "same" ? "after" : kind === "gone" ? "gone" : "came"] += text;
  }
  return changes;
}
