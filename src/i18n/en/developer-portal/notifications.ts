import { counts } from '../counts.ts';
import { formatNumber } from '../plural.ts';

interface ErrorFacts {
  readonly period: 'hour' | 'day';
  readonly errors: number;
  readonly percent: number;
  readonly usualPercent: number;
}

/** Texts of the developer's notifications, and of the link to them in the header. */
export const notifications = {
  title: 'Notifications',
  lead: 'What changed about the apps of your organization in the last 90 days.',
  /** Name of the link in the header. */
  link: (unread: number) => (unread === 0 ? 'Notifications' : `Notifications: ${count(unread)} unread`),
  badge: count,
  empty: {
    title: 'No notifications yet',
    text: 'You see here when an app is reviewed, when a secret is about to expire, and when an app has more errors than usual.',
  },
  /** Titles of the notifications. `version` is null if a notification isn't about one version. */
  texts: {
    verified: (app: string, version: number | null) => `The developer of ${app}${of(version)} is verified`,
    approved: (app: string, version: number | null) => `${app}${of(version)} is approved`,
    rejected: (app: string, version: number | null) => `${app}${of(version)} is not approved`,
    asked: (app: string, version: number | null) => `The reviewer has a question about ${app}${of(version)}`,
    suspended: (app: string) => `${app} is suspended`,
    resumed: (app: string) => `${app} works again`,
    retired: (app: string) => `${app} is retired`,
    'secret-expiring': (app: string) => `A client secret of ${app} expires soon`,
    'errors-rising': (app: string) => `${app} has more errors than usual`,
  },
  /** Labels of the links to the page where the developer can act. */
  actions: {
    verified: 'See the review',
    approved: 'Open the app’s page',
    rejected: 'Read the reason and fix it',
    asked: 'Answer the question',
    suspended: 'Read the reason',
    resumed: 'Open the app’s page',
    retired: 'Read the reason',
    'secret-expiring': 'Rotate the secret',
    'errors-rising': 'See the rejected requests',
  },
  secret: (name: string, day: string) => `${name} expires on ${day}.`,
  errors: ({ period, errors, percent, usualPercent }: ErrorFacts) =>
    `${counts.errors(errors)} in ${period === 'hour' ? 'an hour' : '24 hours'}: ${formatNumber(percent)}% of the requests failed. In the two weeks before, it was ${formatNumber(usualPercent)}%.`,
  isNew: 'New',
  markRead: 'Mark as read',
  markReadOf: (text: string) => `Mark as read: ${text}`,
  markAllRead: 'Mark all as read',
  emails: {
    title: 'Emails',
    lead: 'You also get these by email. We always email you when an app is suspended or retired.',
    /** For visitors of the sandbox, who signed up with a made-up address. */
    madeUpAddress: 'Your made-up address gets no email. Notifications appear only here.',
    topics: {
      review: 'Steps and decisions of a review, and questions',
      secrets: 'Client secrets that expire within 14 days',
      errors: 'More errors than usual',
    },
    saved: 'Your choice was saved.',
  },
} as const;

function count(unread: number): string {
  return unread >= 100 ? '99+' : formatNumber(unread);
}

function of(version: number | null): string {
  return version === null ? '' : ` (version ${version})`;
}
