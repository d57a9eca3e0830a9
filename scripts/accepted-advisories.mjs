/**
 * Advisories about packages that we ship, and that don’t make us vulnerable: the id (`GHSA-…`), the reason, and the last day
 * (`YYYY-MM-DD`, at most 90 days ahead) on which `npm run audit:dependencies` accepts them.
 */
export const ACCEPTED = [];
