import { counts } from '../counts.ts';
import { terms } from '../terms.ts';

/** Report for privacy officers: whose data an app read in a period. */
export const disclosures = {
  title: 'Data access report',
  lead: 'Choose an app and a period to see whose data the app read. Your search is recorded in the audit log.',
  app: terms.app,
  chooseApp: 'Choose an app',
  from: 'From',
  through: 'Through',
  timesHint: (zone: string) => `Practice’s time zone: ${zone}. The period can be at most one year.`,
  button: 'Show report',
  errors: {
    app: 'Choose an app',
    from: 'Enter the start date and time',
    to: 'Enter the end date and time',
    order: 'The end must be after the start',
    period: 'The period can be at most one year',
  },
  nothingRead: (app: string) => `${app} read no data of your patients in this period`,
  tryLonger: 'Choose another app or a longer period.',
  readData: (app: string, patients: number) => `${app} read data of ${counts.patients(patients)}`,
  download: 'Download all as CSV',
  tooLarge: (patients: number) => `The result has more than ${counts.patients(patients)}. Choose a shorter period.`,
  columns: { patient: 'Patient', data: 'Data', firstRead: 'First read', lastRead: 'Last read' },
  /** Shown in place of a patient’s name that the record doesn’t have. */
  noName: 'No name',
};
