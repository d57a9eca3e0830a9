import { terms } from '../terms.ts';

/** Texts that several pages of the practice portal use. */
export const shared = {
  nav: {
    label: (practice: string) => `Staff pages of ${practice}`,
    patients: 'Patients',
    launch: 'Open an app',
    search: 'Find a patient',
    apps: 'Patients’ apps',
    disclosures: 'Data access report',
    feeds: 'Incoming data',
    settings: 'Practice settings',
    staff: 'Staff',
  },
  /** Names of the staff roles, as they occur inside a sentence or list. */
  roles: {
    clinician: 'clinician',
    'front-desk': 'front desk',
    'privacy-officer': 'privacy officer',
    administrator: 'practice administrator',
  },
  noRole: 'no role',
  born: (date: string) => `born ${date}`,
  save: terms.save,
  cancel: terms.cancel,
};
