import { terms } from '../terms.ts';

/** Texts of the list of a practice's patients. */
export const patientList = {
  title: 'Patients',
  search: {
    label: 'Find a patient',
    hint: 'Name, birth date (such as 7/4/1974) or MRN. Combine them to narrow the results.',
    button: 'Find patients',
  },
  inviteMany: 'Invite many patients from a file',
  filters: terms.status,
  all: 'All',
  /** Names of the enrollment statuses. */
  statuses: {
    'not-enrolled': 'Not enrolled',
    invited: 'Invited',
    enrolled: 'Enrolled',
    declined: 'Declined',
    locked: 'Locked',
  },
  invitationExpired: 'Invited, expired',
  birthDateUnknown: 'birth date unknown',
  heading: (subject: string, isSearch: boolean) => `${subject}${isSearch ? ' that match' : ''}, by family name`,
  pages: 'Pages',
  firstPage: 'First page',
  nextPage: terms.nextPage,
  noMore: { title: 'No more patients', back: 'Back to the first page' },
  empty: {
    title: 'No patients yet',
    text: (practice: string) =>
      `${practice} has no patients yet. Patients appear when the practice’s records are loaded.`,
  },
  noMatch: {
    title: 'No patient found',
    text: (practice: string, words: string) =>
      `No patient at ${practice} matches “${words}”. Check the spelling, or search by birth date only.`,
    showAll: 'Show all patients',
  },
  noneWithStatus: {
    title: 'No patients',
    text: (status: string) => `No patient has the status “${status.toLowerCase()}”.`,
    textOfSearch: (status: string, words: string) =>
      `No patient that matches “${words}” has the status “${status.toLowerCase()}”.`,
    showAll: 'Show patients with any status',
  },
};
