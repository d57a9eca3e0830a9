import { activity } from './activity.ts';
import { apps } from './apps.ts';
import { errors } from './errors.ts';
import { explorer } from './explorer.ts';
import { groups } from './groups.ts';
import { home } from './home.ts';
import { operations } from './operations.ts';
import { organisation } from './organisation.ts';
import { publicPages } from './public-pages.ts';
import { review } from './review.ts';
import { shell } from './shell.ts';

export const en = {
  activity,
  apps,
  explorer,
  faults: errors,
  groups,
  home,
  operations,
  organisation,
  publicPages,
  review,
  shell,
};

/** Type of a translated catalogue: a text where English has a text, a function where it has a function. */
export type WebMessages = TranslatedMessages<typeof en>;
type TranslatedMessages<Entry> = Entry extends string
  ? string
  : Entry extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof Entry]: TranslatedMessages<Entry[Name]> };
