/** ZoneInput: a time zone by its name, with the browser's list to choose from. */

import { type InputHTMLAttributes, useId } from "react";

const ZONES = Intl.supportedValuesOf("timeZone");

export function ZoneInput(props: InputHTMLAttributes<HTMLInputElement>) {
  const list = useId();
  return (
    <>
      <input list={list} placeholder="Europe/Berlin" autoComplete="off" {...props} />
      <datalist id={list}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

/** The zone of the machine that this browser runs on. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
