import {
  type ConversionRule,
  type ConversionRules,
  copy,
  drop,
  elementConverter,
  handledElsewhere,
  map,
  ruleTable,
} from './conversion-rules.ts';
import { convertCoding } from './datatypes/coding.ts';
import { copyDiv } from './datatypes/narrative.ts';

const meta = elementConverter({
  versionId: copy,
  lastUpdated: copy,
  source: drop,
  profile: handledElsewhere,
  security: map(convertCoding),
  tag: map(convertCoding),
});

/** Returns the rule table of a resource: its own rules, and those of the elements that every resource has. */
export const resourceRules = (rules: Readonly<Record<string, ConversionRule>>): ConversionRules =>
  ruleTable({
    meta: map(meta),
    implicitRules: copy,
    language: copy,
    text: map(elementConverter({ status: copy, div: copyDiv })),
    contained: handledElsewhere,
    ...rules,
  });
