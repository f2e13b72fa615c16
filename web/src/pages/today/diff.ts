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

/** Return the parts of both texts in their order, neighbours of one kind joined. */
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
  return joined([
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

function joined(parts: Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last?.kind === part.kind) last.text += part.text;
    else result.push({ ...part });
  }
  return result;
}
