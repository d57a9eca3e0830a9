import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';
export const operations = {
  audit: {
    title: 'Audit trail',
    lead: 'Who did what, when, and whether it was refused. Whose record it was about is not told here: privacy officers see that at their practice.',
    kind: 'Kind of event',
    anyKind: 'Any kind',
    outcome: 'Outcome',
    any: 'Any',
    success: 'Done',
    failure: 'Refused',
    app: 'App (client_id)',
    account: 'Account id',
    request: 'Request id',
    from: 'From',
    to: 'To',
    search: terms.search,
    clear: 'Clear',
    export: 'Download as CSV',
    when: 'When',
    what: terms.what,
    who: terms.who,
    more: 'More',
    aPatient: 'A patient, or who acts for one',
    signedOut: 'Nobody signed in',
    older: 'Older events',
    newest: 'Back to the newest',
    none: { title: 'No events', text: 'Nothing in the trail matches. Choose other days, or take a filter away.' },
    utc: 'Days are in UTC.',
    detail: 'Detail',
    resources: (count: number, type: string) => `${formatNumber(count)} × ${type}`,
  },
  keys: {
    title: 'Signing keys',
    lead: 'They sign the id_tokens of apps. Apps fetch the public halves from',
    alg: 'Algorithm',
    from: 'Signs from',
    state: 'Standing',
    signs: 'Signs now',
    next: 'Signs next',
    kept: 'Published for what it signed',
    over: 'Over',
    rotate: 'Make new keys',
    leaked: 'Keys have leaked',
    rotateText:
      'New keys are published at once and sign in ten minutes, without a restart. The old stay published until what they signed is over. Nobody notices.',
    leakedText:
      'New keys sign at once and all others are gone at once. Every id_token that was signed with them is refused from now on; apps may keep the old set for five minutes. Do this only after a leak.',
    createdCount: (count: number) =>
      plural(count, { one: '1 new key is made.', other: `${formatNumber(count)} new keys are made.` }),
    removedCount: (count: number) =>
      plural(count, { one: '1 old key is gone.', other: `${formatNumber(count)} old keys are gone.` }),
  },
  jobs: {
    title: 'Background jobs',
    lead: 'Emails, exports, bulk invitations and cleanup run in queues. A job that fails is tried again.',
    failures: 'Jobs that failed within a day',
    queue: 'Queue',
    ready: 'Ready',
    running: 'Running',
    later: 'Scheduled',
    failed: 'Failed within a day',
    task: 'Task',
    last: 'Last run',
    next: 'Next run',
  },
  settings: {
    title: 'Settings',
    lead: 'What this server was started with. Settings are environment variables: change them there, then restart the server.',
    name: 'Setting',
    value: 'In force',
    meaning: 'Meaning',
    notSet: 'not set',
    hidden: 'set (a secret is not shown)',
    usual: 'default',
    /**
     * Translated descriptions of the settings, by setting name. Empty in English, because the server describes its
     * settings in English.
     */
    meanings: {} as Readonly<Record<string, string>>,
  },
};
