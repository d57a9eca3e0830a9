import { counts } from '../counts.ts';
import { plural } from '../plural.ts';
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
    locked: 'Locked or access ended',
  },
  invitationExpired: 'Invited, expired',
  birthDateUnknown: 'unknown',
  /** @param words the search text. Empty if the list isn't limited by a search */
  caption: (count: number, words: string) =>
    words === ''
      ? counts.patients(count)
      : `${counts.patients(count)} ${plural(count, { one: 'matches', other: 'match' })} “${words}”`,
  /** Caption of a search that more patients match than the list has. */
  partialCaption: (count: number, words: string) =>
    `More than ${count} patients match “${words}”. Here are some of them. Add a name, birth date or MRN to narrow the results.`,
  /** Shown while many patients are loaded. */
  behind: 'Patients are being added to this list. Some may be missing for a few minutes.',
  columns: { name: 'Name', birthDate: 'Birth date', status: terms.status, nextStep: 'Next step' },
  /** Links to what staff usually do next for a patient. */
  nextSteps: { enroll: 'Enroll', inviteAgain: 'Invite again', viewInvitation: 'View invitation' },
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
