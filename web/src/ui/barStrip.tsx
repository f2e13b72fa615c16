/** BarStrip: a row of bars, one for each day or hour, with the same said in words. */

import styles from "./barStrip.module.css";

export interface Bar {
  name: string;
  value: number;
  /** How much of the value is bad, drawn so. */
  bad?: number;
}

interface Props {
  /** What is counted; the words end with the sum and the highest bar. */
  label: string;
  bars: readonly Bar[];
}

const HEIGHT = 40;
const WIDTH = 10;
const GAP = 2;

export function BarStrip({ label, bars }: Props) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const height = (value: number) => (value === 0 ? 0 : Math.max(1, (HEIGHT * value) / most));
  return (
    <svg
      role="img"
      aria-label={inWords(label, bars)}
      className={styles.strip}
      viewBox={`0 0 ${Math.max(1, bars.length) * WIDTH} ${HEIGHT + 1}`}
      preserveAspectRatio="none"
    >
      {bars.map(({ name, value, bad = 0 }, place) => (
        <g key={name}>
          <title>{`${name}: ${value}`}</title>
          <rect {...box(place, HEIGHT)} className={styles.space} />
          <rect {...box(place, height(value))} className={styles.bar} />
          {bad > 0 ? <rect {...box(place, height(bad))} className={styles.bad} /> : null}
        </g>
      ))}
      <rect y={HEIGHT} height={1} width="100%" className={styles.ground} />
    </svg>
  );
}

function box(place: number, height: number) {
  return { x: place * WIDTH + GAP / 2, y: HEIGHT - height, width: WIDTH - GAP, height };
}

function inWords(label: string, bars: readonly Bar[]): string {
  const sum = bars.reduce((all, { value }) => all + value, 0);
  const highest = bars.reduce<Bar | undefined>(
    (top, bar) => (bar.value > (top?.value ?? 0) ? bar : top),
    undefined,
  );
  const top = highest ? `; most, ${highest.value}, ${highest.name}` : "";
  return `${label}: ${sum} in all${top}.`;
}
