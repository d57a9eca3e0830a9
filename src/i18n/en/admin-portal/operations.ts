import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';
import { auditEvents } from './audit-events.ts';
export const operations = {
  audit: {
    title: 'Audit log',
    lead: 'Who did what and when, and the result. Patient identities are not shown here. Privacy officers see them at their practice.',
    kind: 'Kind of event',
    anyKind: 'All kinds',
    outcome: 'Outcome',
    any: 'All',
    success: 'Succeeded',
    failure: 'Failed',
    app: terms.app,
    appHint: 'Name or client_id',
    account: 'Person',
    accountHint: 'Name, email or account ID',
    request: 'Request ID',
    from: 'From',
    to: 'To',
    search: terms.search,
    clear: 'Clear filters',
    export: 'Download as CSV',
    older: 'Older events',
    newest: 'Newest events',
    /** The search stopped, because few events match. */
    searchedTo: (time: string) => `Searched back to ${time}. Older events may match: continue with “Older events”.`,
    none: { title: 'No events', text: 'No events match these filters. Choose other dates, or remove a filter.' },
    archived: {
      title: 'Some of these events are only in the archive',
      text: (from: string, to: string) =>
        `Events from ${from} to ${to} are no longer in the database. This list and the download don’t include them. An operator can search them on the server with this command:`,
    },
    utc: 'Dates are in UTC.',
    events: auditEvents,
  },
  keys: {
    title: 'Signing keys',
    lead: 'This server signs ID tokens with these keys. Apps get the public keys from',
    alg: 'Algorithm',
    from: 'Signs from',
    state: 'Status',
    signs: 'Active',
    next: 'Next',
    kept: 'Retired, still published',
    over: 'Expired',
    rotate: 'Rotate keys',
    leaked: 'Replace leaked keys',
    rotateText:
      'New keys are published now and start signing in 10 minutes. No restart is needed. The old keys stay published until the tokens they signed expire. Apps are not affected.',
    leakedText:
      'New keys start signing now, and all old keys are removed now. ID tokens signed with the old keys are no longer valid. Apps may cache the old keys for up to 5 minutes. Do this only after a leak.',
    createdCount: (count: number) =>
      plural(count, { one: '1 new key created.', other: `${formatNumber(count)} new keys created.` }),
    removedCount: (count: number) =>
      plural(count, { one: '1 old key removed.', other: `${formatNumber(count)} old keys removed.` }),
  },
  jobs: {
    title: 'Background jobs',
    lead: 'Emails, exports, bulk invitations and cleanup run in queues. A job that fails is tried again or replaced by its next run. Each row shows for how long its queue lists failed jobs.',
    healthy: 'Background jobs are healthy.',
    see: 'See jobs',
    attention: 'Background jobs need attention',
    waiting: (queue: string, count: number, since: string) =>
      `${queue}: ${plural(count, { one: '1 job is', other: `${formatNumber(count)} jobs are` })} waiting, the oldest since ${since}`,
    failedIn: (queue: string, count: number, hours: number) =>
      `${queue}: ${counts.jobs(count)} failed in the last ${hours === 1 ? 'hour' : counts.hours(hours)}`,
    failures: 'Failed jobs',
    queues: {
      email: 'Email',
      export: 'Bulk exports',
      'bulk-invitation': 'Bulk invitations',
      'publish-brands': 'List of practices for apps',
      'upgrade-records': 'Update of records after an upgrade',
      'audit-archive': 'Audit log: seal and archive',
      maintenance: 'Scheduled tasks',
    },
    queue: 'Queue',
    ready: 'Ready',
    running: 'Running',
    later: 'Scheduled',
    failed: 'Failed',
    failedWithin: (count: number, hours: number) => `${formatNumber(count)} in ${counts.hours(hours)}`,
    task: 'Task',
    last: 'Last run',
    next: 'Next run',
  },
  settings: {
    title: 'Settings',
    lead: 'The settings this server is running with. To change a setting, change its environment variable and restart the server.',
    name: 'Setting',
    value: 'Current value',
    meaning: 'Description',
    notSet: 'not set',
    hidden: 'set (secret, not shown)',
    usual: 'default',
    /**
     * Translated descriptions of the settings, by setting name. Empty in English, because the server describes its
     * settings in English.
     */
    meanings: {} as Readonly<Record<string, string>>,
  },
};
