/** Addresses: where the pages about contacts are. */

export const LIST = "/contacts";
export const IMPORT = "/contacts/import";
