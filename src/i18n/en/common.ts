export const common = {
  product: 'Patient Access',
  skip: 'Skip to the main part',
  otherLanguage: 'Language',
  error: 'Error',
  errorTitle: (title: string) => `Error: ${title}`,
  problem: 'There is a problem',
  signOut: 'Sign out',
  notYou: 'Not you?',
  signedInAs: 'You are signed in as',
  questions: (brand: string) => `Questions? Ask ${brand}`,
  and: 'and',
};
