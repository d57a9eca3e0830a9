import { counts } from '../counts.ts';
import { formatNumber } from '../plural.ts';
import { terms } from '../terms.ts';

/** Report for privacy officers: whose data an app, or any app, read in a period. */
export const disclosures = {
  title: 'Data access report',
  lead: 'See which apps read which patients’ data, and who used them. Each report that you open is recorded in the audit log.',
  app: terms.app,
  allApps: 'All apps',
  from: 'From',
  through: 'Through',
  timesHint: (zone: string) =>
    `Days begin and end in the practice’s time zone: ${zone}. The period can be at most one year for one app, and 31 days for all apps.`,
  button: 'Show report',
  periodsLabel: 'Show report for a period',
  periods: {
    'last-7-days': 'Last 7 days',
    'last-14-days': 'Last 14 days',
    'last-30-days': 'Last 30 days',
    'this-month': 'This month',
    'last-month': 'Last month',
    'this-year': 'This year (one app)',
  },
  /** Link to the two days of the form. */
  customPeriod: 'Custom dates',
  errors: {
    app: 'Choose an app from the list',
    from: 'Enter the first day',
    to: 'Enter the last day',
    order: 'The last day can’t be before the first day',
    period: 'The period can be at most one year',
    allAppsPeriod: 'The period for all apps can be at most 31 days. Choose one app or a shorter period',
    timeout: 'The report took too long. Choose a shorter period',
    allAppsTimeout: 'The report took too long. Choose one app or a shorter period',
  },
  nothingRead: (app: string) => `${app} read no data of your patients in this period`,
  nothingReadByAny: 'No app read your patients’ data in this period',
  tryLonger: 'Choose another app or a longer period.',
  /** Number of patients of the whole report, or of one of several pages. */
  readData: {
    all: (app: string, patients: number) => `${app} read data of ${counts.patients(patients)}`,
    some: (app: string, patients: number) => `${app} read data of ${counts.patients(patients)} or more`,
  },
  readByAll: {
    all: (patients: number) => `Apps read data of ${counts.patients(patients)}`,
    some: (patients: number) => `Apps read data of ${counts.patients(patients)} or more`,
  },
  order: 'Each row is what one person read of one patient on one day. The newest day is first.',
  page: (page: number) => `Page ${formatNumber(page)}`,
  earlierReads: 'Earlier reads',
  missing: (time: string) =>
    `Reads after ${time} may be missing, because they are still being added to this report. Try again in a few minutes.`,
  download: 'Download all as CSV',
  tooLarge: (lines: number) => `The result has more than ${counts.lines(lines)}. Choose a shorter period.`,
  columns: {
    patient: 'Patient',
    app: terms.app,
    reader: 'Used by',
    data: 'Data',
    firstRead: 'First read',
    lastRead: 'Last read',
  },
  /** Who used an app, by role. `app`: a backend app, which reads data without a person. */
  readers: {
    patient: 'Patient',
    representative: 'Representative',
    staff: 'Staff member',
    person: 'Relation to the patient not on record',
    app: 'The app itself, without a person',
  },
  /** Replaces the name of a person whose account no longer exists. */
  unknownReader: 'Deleted account',
  /** App of made-up reads, in the sandbox. */
  example: (app: string) => `${app} (example)`,
  examplesNote: 'This is a sandbox. Reads by apps marked “example” are made up, and are not in the audit log.',
  /** Shown in place of a patient’s name that the record doesn’t have. */
  noName: 'No name',
};
