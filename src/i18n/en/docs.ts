/** Layout of the documentation pages. The documentation itself is in English only. */
export const docs = {
  title: 'Documentation',
  portal: 'Developer portal',
  signIn: 'Sign in',
  start: 'All pages at a glance',
  pages: 'All pages',
  search: 'Search the documentation',
  find: 'Search',
  resultsFor: (asked: string) => `Found for “${asked}”`,
  nothing: (asked: string) => `Nothing was found for “${asked}”. Try fewer words, or the code of an error.`,
  onThisPage: 'On this page',
  previous: 'Before:',
  next: 'Next:',
  copy: 'Copy',
  copied: 'Copied',
  inEnglish: 'The documentation is in English.',
};
