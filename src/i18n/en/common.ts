import { formatNumber } from './plural.ts';
import { terms } from './terms.ts';
export const common = {
  skip: 'Skip to main content',
  searchKey: terms.searchKey,
  error: 'Error',
  errorTitle: (title: string) => `Error: ${title}`,
  problem: 'There is a problem',
  signOut: terms.signOut,
  notYou: 'Not you?',
  signedInAs: 'You are signed in as',
  menu: 'Menu',
  print: 'Print',
  questions: (brand: string) => `Questions? Ask ${brand}`,
  copy: terms.copy,
  copied: terms.copied,
  /** The button in a password field, its name for screen readers, and what they say after it was used. */
  password: {
    show: 'Show',
    hide: 'Hide',
    showLabel: 'Show password',
    hideLabel: 'Hide password',
    shown: 'Your password is shown.',
    hidden: 'Your password is hidden.',
  },
  and: 'and',
  pagination: {
    page: (page: number, pages: number) => `Page ${formatNumber(page)} of ${formatNumber(pages)}`,
    next: terms.nextPage,
    previous: 'Previous page',
  },
  step: (step: number, steps: number) => `Step ${formatNumber(step)} of ${formatNumber(steps)}`,
};
