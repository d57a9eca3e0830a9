import { html } from '../../../kernel/index.ts';
import { counts } from '../counts.ts';
import { terms } from '../terms.ts';

/** Texts of the EHR launcher, where staff open an app for a patient. */
export const launcher = {
  title: 'Open an app for a patient',
  resultsTitle: (words: string) => `Patients: ${words}`,
  practicePortal: 'Practice portal',
  search: {
    label: 'Find a patient',
    hint: 'Part of the name, the date of birth such as 7/4/1974, or the record number (MRN).',
    button: 'Find',
  },
  noPatients: {
    title: 'No patients',
    text: 'You don’t have any patients yet.',
    textOfSearch: (words: string) => `None of your patients match “${words}”.`,
  },
  found: counts.patients,
  firstFound: (count: number) => `The first ${counts.patients(count)}`,
  more: 'There may be more patients. Add a word to narrow the search.',
  bornHtml: (date: string, practice: string) => html`Born <span class="date">${date}</span>, ${practice}`,
  backToChart: (patient: string) => `Back to ${patient}’s chart`,
  otherPatient: 'Choose another patient',
  titleFor: (patient: string) => `Open an app for ${patient}`,
  noApps: 'There are no apps to open for this patient. Your administrator can register a staff app with a launch URL.',
  app: terms.app,
  provisional: 'Not approved yet. It can only see test patients.',
  visit: 'Visit',
  visitHint:
    'The visit that was open, is in progress or is planned next is selected. If there is none, it is the latest visit.',
  noVisit: 'No specific visit',
  visitStates: { planned: 'planned', 'in-progress': 'in progress', unknown: 'status not known' },
  noDate: 'No date',
  visitOfNoKind: 'visit',
  banner: 'Show the patient’s name in the app',
  bannerHint: 'The app shows at the top whose record is open.',
  advanced: 'Advanced options (rarely needed)',
  advancedHint: 'Leave these blank unless the person who set up the app gave you values to enter.',
  intent: 'Task to start with',
  intentHint: 'A keyword that the app supports, such as reconcile-medications.',
  focus: 'Chart entry to start with',
  focusHint: 'Its type and ID, such as Condition/123 for a diagnosis.',
  button: 'Open the app',
  errors: {
    app: 'Choose an app to open',
    encounter: 'Choose a visit from the list, or no visit',
    intent: 'Use at most 100 letters, digits, hyphens and underscores for the task',
    focus: 'Enter the type and id of an entry in this patient’s record, such as Condition/123',
  },
  staffOnly: {
    tabTitle: 'For staff only',
    title: 'This page is for staff',
    textHtml: (name: string) =>
      html`Practice staff open apps for their patients here. You are signed in as <b>${name}</b>, which is a patient account.`,
    linksHtml: (switchAccountPath: string) =>
      html`<a href="${switchAccountPath}">Sign in with another account</a>, or <a href="/">go to the home page</a>.`,
  },
};
