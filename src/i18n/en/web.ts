import { activity } from './developer-portal/activity.ts';
import { apps } from './developer-portal/apps.ts';
import { errors } from './developer-portal/errors.ts';
import { explorer } from './developer-portal/explorer.ts';
import { guides } from './developer-portal/guides.ts';
import { home } from './developer-portal/home.ts';
import { madeUp } from './developer-portal/made-up.ts';
import { notifications } from './developer-portal/notifications.ts';
import { organisation } from './developer-portal/organisation.ts';
import { shell } from './portal-shell.ts';
import { reviewDeadline } from './review-deadline.ts';

/** Texts of the React pages, without those of the admin portal. They are plain text, never `Html`. */
export const webEn = {
  activity,
  apps,
  errors,
  explorer,
  guides,
  home,
  madeUp,
  notifications,
  organisation,
  reviewDeadline,
  shell,
};

/** Type of a translated catalog: a text where English has a text, a function where it has a function. */
export type WebMessages = TranslatedMessages<typeof webEn>;
export type TranslatedMessages<Entry> = Entry extends string
  ? string
  : Entry extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Name in keyof Entry]: TranslatedMessages<Entry[Name]> };
