/** Icon: small line drawings; what they mean is always said in words beside them. */

const PATHS = {
  good: "m3.5 8.5 3 3 6-7",
  wait: "M8 4v4.5l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
  bad: "M8 4.5v4M8 11.25v.25M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
  busy: "M3 8h9M8.5 4.5 12 8l-3.5 3.5",
  quiet: "M4.5 8h7",
  close: "m4 4 8 8m0-8-8 8",
  back: "M9.5 3.5 5 8l4.5 4.5",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="1em"
      height="1em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
