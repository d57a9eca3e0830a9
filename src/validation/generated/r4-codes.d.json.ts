import type { ListedCodes } from '../codes.ts';

/** By URL of the value set. */
declare const codes: Readonly<Record<string, ListedCodes>>;
export = codes;
