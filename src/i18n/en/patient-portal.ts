import { counts } from './counts.ts';
import { patientRecord } from './patient-record.ts';
import { formatNumber, plural } from './plural.ts';
import { recordDownloads } from './record-downloads.ts';
import { terms } from './terms.ts';

/** Name of the patient that the reader represents; undefined if the record is the reader's own. */
type PortalRecordOwner = string | undefined;

const possessive = (who: PortalRecordOwner): string => (who === undefined ? 'your' : `${who}’s`);
const capitalPossessive = (who: PortalRecordOwner): string => (who === undefined ? 'Your' : `${who}’s`);

/** Names the first of many groups, and how many more there are. */
function inShort(groups: readonly string[]): string {
  const shown = groups.slice(0, 2);
  const more = groups.length - shown.length;
  return new Intl.ListFormat('en-US').format([...shown, ...(more === 0 ? [] : [`${formatNumber(more)} more`])]);
}

/** Texts of the patient portal, for patients and their representatives. */
export const patientPortal = {
  navigation: 'Your account',
  overview: 'Overview',
  apps: 'Connected apps',
  log: 'Who read what',
  record: 'Health record',
  downloads: 'Downloads',
  receipts: 'Consent receipts',
  security: terms.passwordAndSecurity,
  actsFor: (name: string) => `You act for ${name}.`,
  recordAt: (practice: string) => `Record at ${practice}`,
  otherRecord: 'Choose another record',
  notFound: 'It doesn’t exist, or this account can’t open it. Go to your account overview.',
  closed:
    'The practice has turned off record sharing for now. No app can read this record until the practice turns it on again.',
  sharedAccountNote:
    'This is a test patient, not a real person. Anyone can use this account. You see only what was connected in this browser.',

  recordChoice: {
    title: 'Choose a record',
    hint: 'Each record has its own apps, access log and downloads.',
    own: 'Your own record',
    acts: 'You act for this person',
    none: 'Your account has no records',
    noneText:
      'This can happen if a practice ended your access to another person’s record. If you think this is a mistake, contact the practice.',
  },

  home: {
    title: (who: PortalRecordOwner) => (who === undefined ? 'Your health record' : `${who}’s health record`),
    lead: (who: PortalRecordOwner) =>
      `Read ${possessive(who)} record. See which apps can read it and what they have read. You can disconnect an app at any time.`,
    myRecord: (who: PortalRecordOwner) => (who === undefined ? 'My record' : `${who}’s record`),
    openRecord: 'Open the record',
    appsNone: 'No app can read this record.',
    appsSome: (count: number) => `${counts.apps(count)} can read this record.`,
    appsUnavailable: 'We couldn’t load the list of apps. Some apps may have access.',
    manageApps: 'Manage or disconnect apps',
    lastRead: (when: string) => `Last read on ${when}`,
    allReads: 'See all reads',
    recentChanges: 'Recent changes',
    changes: {
      allowed: (app: string, when: string) => `You gave ${app} access on ${when}.`,
      ended: (app: string, when: string) => `${app} lost access on ${when}.`,
    },
    logNone: 'No one has read this record through an app.',
    latestReads: 'Latest reads',
    exampleReads: 'Example reads. These apps aren’t connected.',
    record: 'Problems, medicines, test results and more, with charts.',
    downloads: 'Download a copy or print a summary.',
    receipts: 'What you agreed to, word for word.',
    security: 'Change how you sign in. See where you are signed in.',
    unconfirmed: (email: string) =>
      `Your email address ${email} isn’t confirmed yet. Open the link we sent to that address. Until you do, we can’t email you if you forget your password.`,
    unconfirmedChange: (email: string, old: string) =>
      `Your new email address ${email} isn’t confirmed yet. Open the link we sent to that address. Until you do, we use ${old}.`,
    confirmAgain: 'Send the link again',
  },

  connections: {
    title: (who: PortalRecordOwner) => `${capitalPossessive(who)} connected apps`,
    noneTitle: 'No app is connected',
    none: (who: PortalRecordOwner) =>
      `No app can read ${possessive(who)} record now. The practice and its care team still have the record.`,
    how: 'To connect an app, open the app and choose this practice. The app sends you here to sign in. Nothing is shared until you allow it.',
    some: (count: number, who: PortalRecordOwner) => `${counts.apps(count)} can read ${possessive(who)} record now.`,
    listUnavailableTitle: 'We couldn’t load the list of apps',
    listUnavailable:
      'Some apps may still be connected. We can’t tell right now. Try again in a few minutes. To stop an app now, call the practice.',
    again: terms.tryAgain,
    past: (count: number) => `Past connections (${formatNumber(count)})`,
    gallery: 'Find apps to connect',
    demo: terms.tryDemoApp,
    pastNone: 'No past connections.',
    madeBy: 'Made by',
    verified: (developer: string) => `${developer} (verified)`,
    notVerified: (developer: string) => `${developer}, according to the app. Not verified.`,
    unknownDeveloper: 'The app doesn’t say. Not verified.',
    provisional: 'This app isn’t approved yet. It can see only test patients, not real ones.',
    state: 'Status',
    readsNow: 'Can read',
    readsNothing: 'Can’t read now',
    states: {
      active: 'It can read the record.',
      paused: 'It can’t read the record. The app is turned off for everyone. It may be turned on again.',
      gone: 'It can’t read the record. The app is turned off for everyone, permanently.',
      closed: 'It can’t read the record. The practice has turned off sharing.',
      lapsed: 'It no longer has access. It didn’t reconnect in time, or you signed out.',
      over: 'Its access has expired.',
      safety: 'Its access was stopped for security reasons. The app must ask you again.',
      'ended-patient': 'You disconnected it.',
      'ended-staff': 'The practice disconnected it.',
      'ended-app': 'The app ended its own access.',
      ended: 'It was disconnected.',
    },
    endedOn: (how: string, when: string) => `${how} Access ended on ${when}.`,
    seesInShort: (groups: readonly string[]) => `Can see: ${inShort(groups)}`,
    cannotSeeInShort: (groups: readonly string[]) => `Can’t see: ${inShort(groups)}`,
    partOf: (group: string) => `parts of ${group}`,
    details: 'Details',
    endsOn: (at: string) => `Access ends ${at}.`,
    sawNothing: 'No health data. Only who you are.',
    supporting: 'Clinicians and practices named in these entries, and where the entries came from',
    since: 'Allowed on',
    until: 'Access ends',
    untilStopped: 'No end date. You can stop access at any time.',
    away: 'When you are away',
    awayYes: 'It keeps its access and can read the record without you.',
    awayNo: 'It can’t renew its access without you.',
    lastUsed: 'Last read',
    never: 'It has not read the record.',
    /** The record has very many entries, and only the latest were searched. */
    notSince: (day: string) => `It has not read the record since ${day}. Earlier reads were not searched.`,
    readsSince: (reads: string, day: string) => `${reads} since ${day}`,
    reads: 'Number of reads',
    readsCount: (count: number) => plural(count, { one: '1 time', other: `${formatNumber(count)} times` }),
    more: (app: string) => `More about ${app}`,
    disconnectApp: (app: string) => `Disconnect ${app}`,
    itsReads: (app: string) => `See everything ${app} read`,
    receipts: (app: string) => `What you agreed to with ${app}`,
    policy: (app: string) => `${app}’s privacy policy`,
    policyHint: 'on the app’s website',
  },

  disconnect: {
    title: (app: string) => `Disconnect ${app}?`,
    lead: (app: string, who: PortalRecordOwner) =>
      `${app} will no longer be able to read ${possessive(who)} record. This takes effect right away.`,
    retainedData: (app: string) => `${app} may keep the data it has already read. We can’t get that data back.`,
    policy: 'To ask the app to delete it, see its privacy policy:',
    again: 'You can connect it again later. The app must ask you first.',
    otherRecords: (app: string) => `${app} still has access to these records. To stop that too, disconnect it there:`,
    otherConnections: (app: string) =>
      `Another person has also connected ${app} to this record. Only that person or the practice can disconnect it.`,
    yes: (app: string) => `Yes, disconnect ${app}`,
    no: 'No, keep it connected',
    doneTitle: (app: string) => `${app} is disconnected`,
    endedAt: (ended: string) => `Access ended at ${ended}.`,
    lastRead: (last: string) => `It last read your record at ${last}.`,
    lastReadOf: (last: string, name: string) => `It last read ${name}’s record at ${last}.`,
    neverRead: 'It never read the record.',
    onOtherDay: (day: string) => ` on ${day}`,
    retentionNote: (app: string) =>
      `${app} may keep the data it has already read. To have it deleted, ask the app’s developer.`,
    sourceNote: 'These times come from the access log, “Who read what”.',
    toApps: 'Back to connected apps',
    email: {
      subject: (app: string) => `${app} can no longer read the record`,
      button: 'Check your account',
      text: (given: { app: string; record: string; at: string; address: string }) =>
        `${given.app} was disconnected from ${given.record}.

Time: ${given.at}

The app can’t read anything new. It may keep the data it has already read. To have that data deleted, ask the app’s developer.

If you didn’t do this, sign in and check your account:
${given.address}`,
    },
  },

  accessLog: {
    title: (who: PortalRecordOwner) => `Who read ${possessive(who)} record`,
    lead: 'This list shows each time an app or a person reads the record through this system. We record each read before we share any data. The list does not include what staff view in the practice’s own system.',
    summary: {
      title: 'Apps in the last 30 days',
      none: 'No app read this record in the last 30 days.',
      app: (reads: number, last: string) => `${counts.reads(reads)}, last on ${last}`,
      most: (count: number) => `Only reads among the latest ${formatNumber(count)} entries are counted.`,
    },
    /** The entries of an app on one day. */
    ofDay: (reads: number, last: string) => `${counts.reads(reads)}, last at ${last}`,
    groupDenied: (count: number) => `${formatNumber(count)} denied`,
    continued: 'The next page may have more from this day.',
    /** The search stopped, because the record has very many entries. */
    searchedTo: (day: string) => `This page searched back to ${day}. There may be older entries that match.`,
    none: 'No one has read the record.',
    noneFound: 'No entries match your search. Try fewer filters.',
    filter: 'Search this list',
    app: terms.app,
    anyApp: 'All',
    withoutApp: 'Without an app',
    kind: 'Type of data',
    anyKind: 'All',
    from: 'From',
    to: 'To',
    show: 'Show entries',
    clear: 'Clear the search',
    badDate: 'Enter the date as year-month-day, such as 2026-11-26.',
    badOrder: 'The start date can’t be after the end date.',
    badChoice: 'Choose an option from the list.',
    columns: { time: 'Time', who: terms.who, what: terms.what, entries: 'Entries', outcome: terms.result },
    allowed: 'Allowed',
    refused: 'Denied: no data was shared',
    you: 'You',
    someone: 'A person whose name is no longer stored',
    unknownApp: 'An app that is no longer registered',
    staffIn: (person: string, app: string) => `${person} in ${app}`,
    byPerson: (app: string, person: string) => `${app}, connected by ${person}`,
    /** App of a made-up entry, in the sandbox. */
    example: (app: string) => `${app} (example)`,
    examplesNote: 'This is a sandbox. Entries marked “example” are made up. They show what two weeks of use look like.',
    service: (app: string) => `${app}, running automatically for the practice`,
    document: 'A document',
    export: 'An export of many patients that included parts of this record',
    group: 'A list of patients that includes this one',
    unknownKind: 'A type of data that this system doesn’t have',
    views: {
      log: 'This list',
      'log-csv': 'This list, downloaded as a table',
      'log-fhir': 'This list, downloaded as FHIR',
      record: 'The record, in this portal',
      document: 'A document, in this portal',
      summary: 'The summary',
      'summary-pdf': 'The summary, downloaded (PDF)',
      'download-html': 'The full record, downloaded (HTML)',
      'download-csv': 'Lab results, downloaded as a table',
      'download-r4': 'The full record, downloaded (FHIR R4)',
      'download-dstu2': 'The record, downloaded (FHIR DSTU2)',
    } as Readonly<Record<string, string>>,
    otherView: 'The record, without an app',
    older: 'Older entries',
    newest: 'Back to the newest entries',
    save: 'Download this list',
    saveCsv: 'Download as a table (CSV)',
    saveFhir: 'Download as AuditEvents (FHIR R4, IHE BALP)',
    csv: {
      at: 'Time (UTC)',
      day: 'Day',
      time: 'Time',
      who: terms.who,
      client: 'App ID',
      what: terms.what,
      entries: 'Entries',
      outcome: terms.result,
      request: 'Request ID',
    },
    unexpectedEntry: 'If you see something you don’t expect, disconnect the app and tell the practice.',
  },

  download: {
    title: (who: PortalRecordOwner) => `Download ${possessive(who)} record`,
    lead: 'You are responsible for the files you download. Keep them where no one else can read them.',
    summary: 'Health summary',
    summaryText:
      'A few pages for a doctor or for yourself. They list allergies, medicines, health problems, recent results and vaccinations.',
    summaryOpen: 'Open the summary',
    summaryPdf: 'Download as PDF',
    html: 'Full record to read',
    htmlText:
      'Everything the practice has sent to this system, in one file. You can read it in any browser, without the internet.',
    htmlSave: 'Download as HTML',
    csv: 'Lab results for a spreadsheet',
    csvText: 'One row for each lab result, with its date, value, unit, normal range and flag.',
    csvSave: 'Download as CSV',
    r4: 'Full record for apps and other practices (FHIR R4)',
    r4Text: 'Everything the practice has sent to this system, including documents and where entries came from.',
    r4Save: 'Download as FHIR R4',
    dstu2: 'Record for older apps (FHIR DSTU2)',
    dstu2Text:
      'The same record in an older format, with the people and places it names. It does not include the documents themselves or data that doesn’t fit this format.',
    dstu2Save: 'Download as FHIR DSTU2',
    loggedNote: 'Each download is recorded in “Who read what”.',
  },

  receipt: {
    title: (who: PortalRecordOwner) => `Consent receipts for ${possessive(who)} record`,
    lead: 'You get a receipt each time you allow an app to access data. It shows the exact words you agreed to.',
    none: 'No receipts yet. You get one when you connect an app.',
    all: 'Show the receipts of all apps',
    sharedInShort: (groups: readonly string[]) =>
      `You shared: ${groups.length === 0 ? 'no health data' : inShort(groups)}.`,
    leftOutInShort: (groups: readonly string[]) => `You left out: ${inShort(groups)}.`,
    partOf: (group: string) => `parts of ${group}`,
    exactWords: 'The exact words you agreed to',
    one: (app: string) => `Receipt for ${app}`,
    on: (when: string) => `Agreed on ${when}`,
    wording: 'Text version',
    hash: 'Digital fingerprint (SHA-256)',
    hashHint: 'The same text always has the same fingerprint. A match shows that the text has not changed.',
    changed: 'This text doesn’t match its stored fingerprint. It may have been changed. Tell the practice.',
    save: 'Download as text',
  },

  patientRecord,
  recordDownloads,
};
