/** Fields: what a column of a file may be, by the names that the server knows them by. */

const NAMES: Readonly<Record<string, string>> = {
  email: "E-mail address",
  name: "Name",
  first_name: "First name",
  last_name: "Last name",
  company: "Company",
  title: "Role",
  country: "Country",
  timezone: "Time zone",
  lawful_basis: "Lawful basis",
  source: "Source",
  notes: "Notes",
};

export const FIELDS: readonly string[] = Object.keys(NAMES);

export function fieldName(field: string): string {
  return NAMES[field] ?? field;
}
