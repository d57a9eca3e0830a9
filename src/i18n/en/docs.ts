import { terms } from './terms.ts';
/** Texts of the layout around the documentation pages. The documentation itself is in English only. */
export const docs = {
  title: terms.documentation,
  portal: terms.developerPortal,
  signIn: terms.signIn,
  start: 'Documentation overview',
  pages: 'All pages',
  /** Groups of pages. */
  groups: { start: 'Start', tasks: 'Tasks', reference: 'Reference' },
  search: 'Search the documentation',
  find: terms.search,
  resultsFor: (asked: string) => `Results for “${asked}”`,
  nothing: (asked: string) => `No results for “${asked}”. Try fewer words, or an error code.`,
  onThisPage: 'On this page',
  previous: 'Previous:',
  next: 'Next:',
  copy: terms.copy,
  copied: terms.copied,
  inEnglish: 'The documentation is in English.',
};
