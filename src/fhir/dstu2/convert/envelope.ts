import { coding } from './coding.ts';
import { dropped, kept, of, type Rule, type Rules, readElsewhere, rules, shape } from './element.ts';
import { div } from './narrative.ts';

const meta = shape({
  versionId: kept,
  lastUpdated: kept,
  source: dropped,
  profile: readElsewhere,
  security: of(coding),
  tag: of(coding),
});

/** Rules of a resource: the given ones, and those of the elements that every resource has. */
export const resourceRules = (own: Readonly<Record<string, Rule>>): Rules =>
  rules({
    meta: of(meta),
    implicitRules: kept,
    language: kept,
    text: of(shape({ status: kept, div })),
    contained: readElsewhere,
    ...own,
  });
