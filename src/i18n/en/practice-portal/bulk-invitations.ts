import { html } from '../../../kernel/index.ts';
import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';

interface BulkProgressFacts {
  readonly total: number;
  readonly invited: number;
  readonly refused: number;
}

/** Texts of the pages that invite patients from a CSV file. The names of the file's columns are the same everywhere. */
export const bulkInvitations = {
  title: 'Invite many patients',
  lead: 'Upload a CSV file with one patient per line. We find each patient in your records and invite them by email or with a letter to print.',
  columnsHtml: html`The first line names the columns: <code>mrn</code> or <code>patient_id</code>, or both <code>name</code> and <code>birth_date</code>. If a line has more of them, all must match.`,
  emailHtml: html`<code>email</code> is optional. The invitation goes to this address, or else to the first address on the chart. Without any address, you print a letter.`,
  limits: 'At most 5,000 patients and 2 MB. Other columns are not saved.',
  template: 'Download CSV template',
  file: 'CSV file',
  fileHint: 'In a spreadsheet, choose “Save as”, then “CSV UTF-8”.',
  button: 'Invite patients',
  earlier: 'Earlier uploads',
  upload: ({ total, invited, refused }: BulkProgressFacts) =>
    `${counts.lines(total)}, ${formatNumber(invited)} invited, ${formatNumber(refused)} not invited`,
  inProgress: ', in progress',
  by: (name: string) => ` – by ${name}`,
  /** Why an uploaded file can't be used. */
  fileErrors: {
    none: 'Choose a CSV file that contains patients',
    tooLarge: 'The file is larger than 2 MB. Split it into smaller files.',
    broken: 'The upload was incomplete. Upload the file again.',
    empty: 'The file is empty.',
    noPatients: 'The file has column names but no patients.',
    tooManyPatients: (found: number, most: number) =>
      `The file has ${counts.patients(found)}. You can invite at most ${formatNumber(most)} at once. Split the file.`,
    notCsv: 'The file isn’t a CSV file. In your spreadsheet, choose “Save as”, then “CSV UTF-8”.',
    unreadable: 'The file can’t be read. Check the quotation marks and commas.',
    unreadableFrom: (line: number) =>
      `The file can’t be read from line ${formatNumber(line)} on. Check the quotation marks and commas.`,
    duplicateColumn: (column: string) => `The file has two columns for ${column}. Remove one.`,
    missingColumns:
      'The first line must have column names: mrn or patient_id, or both name and birth_date. An email column is optional.',
    busy: (files: number) =>
      `${formatNumber(files)} files are still being processed. Wait until one is done, then try again.`,
  },
  progress: {
    tabTitle: (done: number, total: number) => `Inviting: ${formatNumber(done)} of ${formatNumber(total)}`,
    title: 'Inviting patients',
    bar: (done: number, total: number) =>
      `${formatNumber(done)} of ${counts.lines(total)} done, ${formatNumber(total - done)} left`,
    barValue: (done: number, total: number) => `${formatNumber(done)} of ${formatNumber(total)}`,
    soFar: (invited: number, refused: number) =>
      `${formatNumber(invited)} invited, ${formatNumber(refused)} not invited.`,
    refreshes: 'This page refreshes every 2 seconds. You can leave it, and the invitations continue.',
  },
  report: {
    title: 'Bulk invitation results',
    summary: ({ total, invited, refused }: BulkProgressFacts) =>
      `${formatNumber(invited)} invited, ${formatNumber(refused)} not invited, of ${formatNumber(total)}.`,
    download: 'Download report as CSV',
    captionOfAll: 'All lines, patients not invited first',
    captionOfFirst: (shown: string) => `The first ${shown} lines, patients not invited first`,
    line: 'Line',
    patient: 'Patient in the file',
    result: 'Result',
    truncated: (total: string) => `The CSV report contains all ${total} lines.`,
    outcomes: {
      pending: 'pending',
      refused: 'not invited',
      letter: 'letter to print',
      email: 'invited by email',
    },
  },
  letters: {
    title: 'Letters to print',
    text: (patients: number) =>
      `${counts.patients(patients)} ${plural(patients, { one: 'has', other: 'have' })} no email address. Printing creates new codes, and earlier letters no longer work.`,
    printOne: (letter: string) => `Print letter ${letter}`,
    printRange: (first: string, last: string) => `Print letters ${first} to ${last}`,
    unprintable: (letters: string) =>
      `Letters that can’t be printed: ${letters}. The invitation was used, canceled or expired, or the chart changed.`,
    needCodes: 'Each letter works only with a separate six-digit code. Give the code from the patient’s page.',
    back: 'Back',
  },
  /** Why the patient of a line wasn't invited. `failed` means an internal error. */
  rejections: {
    'row-incomplete': 'The row doesn’t identify a patient. Add an MRN or patient ID, or a name and a full birth date.',
    'no-patient': 'No patient of this practice matches the row.',
    'several-patients': 'Several patients match. Use the patient ID.',
    'already-invited': 'The patient already has an open invitation. Send it again from the patient’s page.',
    'chart-incomplete': 'The chart has no name, birth date or ZIP code. Add what is missing.',
    'too-young': 'The patient is under 12. Invite a parent or guardian instead.',
    'already-enrolled': 'The patient already has an account.',
    declined: 'The patient declined an account.',
    'address-unusable': 'The email address isn’t valid.',
    'address-used': 'The email address belongs to another account or invitation.',
    'address-of-guardian':
      'The email address belongs to a parent or guardian. A patient aged 12 to 17 needs their own address, or a letter.',
    'address-is-invitation': 'The code can’t go to the same address as the invitation.',
    'no-contact': 'The chart has no other address.',
    over: 'The invitation is no longer valid.',
    failed: 'Something went wrong on our side. Invite this patient again.',
  },
};
