import { type Html, html } from '../../../kernel/index.ts';
import { counts } from '../counts.ts';

/** Page with the apps that patients of a practice use. */
export const apps = {
  title: 'Apps that patients use',
  lead: (practice: string) =>
    `Apps that have access to records now, because patients of ${practice} or their representatives allowed it.`,
  none: 'No connected apps yet.',
  toReportHtml: (path: string): Html =>
    html`To see whose data an app read, open the <a href="${path}">Data access report</a>.`,
  patients: counts.patients,
  countedAt: (at: string) =>
    `Apps and patients were counted on ${at}. They are counted every hour. The time of the last read is current.`,
  notCounted: 'The patients of this practice haven’t been counted yet. They are counted every hour.',
  since: (day: string) => `Since ${day}`,
  noDataRead: 'no data read yet',
  lastRead: (at: string) => `last read ${at}`,
  verifiedDeveloper: (name: string) => `Developer: ${name}, verified`,
  unverifiedDeveloper: (name: string) => `Developer: ${name}, not verified`,
  unknownDeveloper: 'Developer unknown',
  /** Note for sessions of shared sandbox accounts, on every page that lists apps. */
  sharedAccountNote: 'This is a shared sandbox account. You see only apps that were connected in this browser.',
};
