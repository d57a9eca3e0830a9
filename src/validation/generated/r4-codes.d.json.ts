import type { ListedCodes } from '../terminology/value-sets.ts';

/** By URL of the value set. */
declare const codes: Readonly<Record<string, ListedCodes>>;
export = codes;
