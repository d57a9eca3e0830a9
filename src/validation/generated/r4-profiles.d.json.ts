import type { Profile } from '../profile/profile.ts';

/** The compiler would take seconds to infer the type of a megabyte of JSON. */
declare const profiles: readonly Profile[];
export = profiles;
