import type { ProfileRules } from '../definitions/profile-rules.ts';

/** The compiler would take seconds to infer the type of a megabyte of JSON. */
declare const profiles: readonly ProfileRules[];
export = profiles;
