import { terms } from './terms.ts';
/** Texts of the layout around the documentation pages. The documentation itself is in English only. */
export const docs = {
  title: terms.documentation,
  portal: terms.developerPortal,
  signIn: terms.signIn,
  start: 'All pages at a glance',
  pages: 'All pages',
  search: 'Search the documentation',
  find: terms.search,
  resultsFor: (asked: string) => `Found for “${asked}”`,
  nothing: (asked: string) => `Nothing was found for “${asked}”. Try fewer words, or the code of an error.`,
  onThisPage: 'On this page',
  previous: 'Before:',
  next: 'Next:',
  copy: terms.copy,
  copied: terms.copied,
  inEnglish: 'The documentation is in English.',
};
