import { type Html, html, joinHtml } from '../../../kernel/index.ts';

/**
 * Pages on which staff allow an app: the search for a patient and the consent page. No receipt stores their wording, so
 * they have no version, unlike the texts of patients in `consent.ts`.
 */
export const staffConsent = {
  search: {
    title: (app: string) => `Choose the patient to open in ${app}`,
    field: 'Find a patient',
    hint: 'Part of the name, the date of birth such as 7/4/1974, or the record number (MRN).',
    button: 'Find',
    legend: 'Choose a patient',
    more: 'There may be more patients. Add a word to narrow the search.',
    none: 'You don’t have any patients to open this app with.',
    noMatch: (words: string) =>
      `None of your patients match “${words}”. Check the spelling, or search by date of birth.`,
  },
  title: (app: string) => `Open ${app}?`,
  titleForPatient: (app: string, patient: string) => `Open ${app} with ${patient}’s chart?`,
  patientHtml: (name: string, born: string | undefined, practice: string): Html =>
    html`<b>${name}</b>${born === undefined ? '' : html`, born <span class="date">${born}</span>`}, ${practice}`,
  visitHtml: (visit: string): Html => html`Visit: <b>${visit}</b>`,
  wrongPatient: 'If this is the wrong patient, go back and choose another.',
  allPatientsHtml: (practices: readonly string[]): Html =>
    html`This app requests the records of <b>all patients</b> of ${joinHtml(
      practices.map((name) => html`<b>${name}</b>`),
      ' and ',
    )}, not just one patient.`,
  canSee: (app: string) => `What ${app} can see`,
  leavesHtml: (address: string): Html => html`After you answer, you go to <b>${address}</b>.`,
};
