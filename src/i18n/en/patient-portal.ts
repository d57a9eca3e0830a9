import { counts } from './counts.ts';
import { patientRecord } from './patient-record.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

/** Name of the patient that the reader represents; undefined if the record is the reader's own. */
type PortalRecordOwner = string | undefined;

const possessive = (who: PortalRecordOwner): string => (who === undefined ? 'your' : `${who}’s`);
const capitalPossessive = (who: PortalRecordOwner): string => (who === undefined ? 'Your' : `${who}’s`);

/** Texts of the patient portal, for patients and their representatives. */
export const patientPortal = {
  navigation: 'Your account',
  overview: 'Overview',
  apps: 'Connected apps',
  log: 'Who read what',
  record: 'The record',
  downloads: 'Downloads',
  receipts: 'Receipts',
  security: terms.passwordAndSecurity,
  actsFor: (name: string) => `You act for ${name}.`,
  recordAt: (practice: string) => `Record at ${practice}`,
  otherRecord: 'Choose another record',
  notFound: 'There is nothing here that belongs to you. Go back to the overview, and take another way.',
  closed:
    'The practice has turned the sharing of records off for now. No app can read this record until it is turned on again.',
  sharedAccountNote:
    'This is a made-up patient, and everyone may use this account. You see only what was connected in this browser.',

  recordChoice: {
    title: 'Whose record?',
    hint: 'Each record has its own apps, its own list of readers and its own downloads.',
    own: 'Your own record',
    acts: 'You act for this person',
    none: 'No record belongs to your account',
    noneText:
      'That can happen when a practice has ended what you may do for somebody. If it is a mistake, ask the practice.',
  },

  home: {
    title: (who: PortalRecordOwner) => (who === undefined ? 'Your health record' : `${who}’s health record`),
    lead: (who: PortalRecordOwner) =>
      `Here you see which apps can read ${possessive(who)} record, and what they have read. You can stop an app at any time.`,
    appsNone: 'No app can read this record.',
    appsSome: (count: number) => `${counts.apps(count)} can read this record.`,
    appsUnavailable: 'The list could not be read just now.',
    logNone: 'Nobody has read this record through an app.',
    logLast: (who: string, when: string) => `Last: ${who}, on ${when}.`,
    record: 'Problems, medicines, test results and more, with charts.',
    downloads: 'Take a copy with you, or print a summary.',
    receipts: 'What you agreed to, word for word.',
    security: 'How you sign in, and where you are signed in.',
    unconfirmed: (email: string) =>
      `Your email address ${email} isn’t confirmed yet. Open the link that we sent there. Until then we can’t email you if you forget your password.`,
    unconfirmedChange: (email: string, old: string) =>
      `Your new email address ${email} isn’t confirmed yet. Open the link that we sent there. Until then we use ${old}.`,
    confirmAgain: 'Send the link again',
  },

  connections: {
    title: (who: PortalRecordOwner) => `${capitalPossessive(who)} connected apps`,
    noneTitle: 'No app is connected',
    none: (who: PortalRecordOwner) =>
      `No app can read ${possessive(who)} record now. The practice itself still keeps the record, and so do the people who care for you there.`,
    how: 'To connect an app, open that app and choose the practice in it. The app sends you here to sign in, and nothing is shared before you say yes.',
    some: (count: number, who: PortalRecordOwner) => `${counts.apps(count)} can read ${possessive(who)} record now.`,
    listUnavailableTitle: 'We could not read the list of apps',
    listUnavailable:
      'This does not mean that no app is connected: we don’t know at the moment. Try again in a few minutes. If you want to stop an app now, call the practice.',
    again: terms.tryAgain,
    past: 'Past connections',
    gallery: 'Find apps that can connect',
    pastNone: 'There are none.',
    madeBy: 'Made by',
    verified: (developer: string) => `${developer} (we have checked that)`,
    notVerified: (developer: string) => `${developer}, as the app says. Nobody has checked that.`,
    unknownDeveloper: 'The app does not say. Nobody has checked it.',
    provisional: 'This app is not approved yet: it can see made-up patients only.',
    state: 'Now',
    states: {
      active: 'It can read the record.',
      paused: 'It can’t read the record: the app has been switched off for everyone. It could come back.',
      gone: 'It can’t read the record: the app has been switched off for everyone, for good.',
      closed: 'It can’t read the record while the practice has sharing turned off.',
      lapsed: 'It has no access any more. It did not come back in time, or you signed out.',
      over: 'Its access has expired.',
      safety: 'Access was stopped for safety. The app must ask you again.',
      'ended-patient': 'You disconnected it.',
      'ended-staff': 'The practice disconnected it.',
      'ended-app': 'The app gave up its access itself.',
      ended: 'It was disconnected.',
    },
    endedOn: (how: string, when: string) => `${how} On ${when}.`,
    sees: 'It may see',
    sawNothing: 'No health data: only who you are.',
    someOf: 'only certain entries that the app names',
    supporting: 'Which clinicians and practices are named there, and where entries came from',
    since: 'You allowed it on',
    until: 'Until',
    untilStopped: 'You stop it',
    away: 'When you are away',
    awayYes: 'It keeps its access and can read without you.',
    awayNo: 'It can’t renew its access without you.',
    lastUsed: 'Last read',
    never: 'It has not read the record.',
    reads: 'How often it read',
    readsCount: (count: number) => plural(count, { one: 'Once', other: `${formatNumber(count)} times` }),
    more: (app: string) => `More about ${app}`,
    disconnectApp: (app: string) => `Disconnect ${app}`,
    itsReads: (app: string) => `See everything that ${app} read`,
    receipts: (app: string) => `What you agreed to with ${app}`,
    policy: (app: string) => `${app}’s privacy policy`,
    policyHint: 'on the app’s own site',
  },

  disconnect: {
    title: (app: string) => `Disconnect ${app}?`,
    lead: (app: string, who: PortalRecordOwner) =>
      `${app} will no longer be able to read ${possessive(who)} record. This takes effect at once.`,
    retainedData: (app: string) => `What ${app} has already read stays with it. We can’t take that back.`,
    policy: 'Its privacy policy says how to ask for that to be deleted:',
    again: 'You can connect it again later. It then has to ask you first.',
    otherRecords: (app: string) =>
      `${app} keeps what you share with it of these records. Disconnect it there too if you want that:`,
    otherConnections: (app: string) =>
      `Somebody else has connected ${app} to this record too. Only they, or the practice, can end that.`,
    yes: (app: string) => `Yes, disconnect ${app}`,
    no: 'No, keep it connected',
    doneTitle: (app: string) => `${app} is disconnected`,
    endedAt: (ended: string) => `Access ended at ${ended}.`,
    lastRead: (last: string) => `It last read your record at ${last}.`,
    lastReadOf: (last: string, name: string) => `It last read ${name}’s record at ${last}.`,
    neverRead: 'It never read the record.',
    onOtherDay: (day: string) => ` on ${day}`,
    retentionNote: (app: string) =>
      `${app} may keep what it has already read. To have that deleted, ask the makers of the app.`,
    sourceNote: 'These times come from the list that is written each time somebody reads a record.',
    toApps: 'Back to connected apps',
    email: {
      subject: (app: string) => `${app} can no longer read the record`,
      text: (given: { app: string; record: string; at: string; address: string }) =>
        `${given.app} was disconnected from ${given.record}.

When: ${given.at}

The app can’t read anything new. It may keep what it has already read; ask the makers of the app if you want that deleted.

If it was not you who did this, sign in and look at your account:
${given.address}`,
    },
  },

  accessLog: {
    title: (who: PortalRecordOwner) => `Who read ${possessive(who)} record`,
    lead: 'Each time an app or a person reads the record over this system, it is written down here first. What people at the practice look at in their own system is not in this list.',
    none: 'Nobody has read the record.',
    noneFound: 'Nothing fits what you are looking for. Take something out of the search.',
    filter: 'Search this list',
    app: terms.app,
    anyApp: 'All',
    withoutApp: 'Without an app',
    kind: 'Kind of data',
    anyKind: 'All',
    from: 'From day',
    to: 'To day',
    show: 'Show',
    clear: 'Show everything',
    badDate: 'Write the day as year-month-day, such as 2026-11-26.',
    badOrder: 'The first day has to come before the last day.',
    badChoice: 'Choose one of the list.',
    columns: { time: 'Time', who: terms.who, what: terms.what, entries: 'Entries', outcome: terms.result },
    allowed: 'Allowed',
    refused: 'Refused: nothing was given',
    you: 'You',
    someone: 'Somebody whose name is no longer kept',
    unknownApp: 'An app that is no longer known',
    staffIn: (person: string, app: string) => `${person} in ${app}`,
    byPerson: (app: string, person: string) => `${app}, connected by ${person}`,
    service: (app: string) => `${app}, working by itself for the practice`,
    document: 'A document',
    export: 'Files made for many patients at once, with parts of this record',
    group: 'A list of patients that names this one',
    unknownKind: 'Something this system does not have',
    views: {
      log: 'This list',
      'log-csv': 'This list, as a table to save',
      'log-fhir': 'This list, in FHIR form to save',
      record: 'The record, on these pages',
      document: 'A document, on these pages',
      summary: 'The summary',
      'download-r4': 'The whole record, to save (FHIR R4)',
      'download-dstu2': 'The record, to save (FHIR DSTU2)',
    } as Readonly<Record<string, string>>,
    otherView: 'The record, without an app',
    older: 'Older entries',
    newest: 'Back to the newest',
    save: 'Save this list',
    saveCsv: 'As a table (CSV)',
    saveFhir: 'As AuditEvents (FHIR R4, IHE BALP)',
    csv: {
      at: 'Time (UTC)',
      day: 'Day',
      time: 'Time',
      who: terms.who,
      client: 'App id',
      what: terms.what,
      entries: 'Entries',
      outcome: terms.result,
      request: 'Number of the request',
    },
    unexpectedEntry: 'Do you see something that you don’t expect? Disconnect the app, and tell the practice.',
  },

  download: {
    title: (who: PortalRecordOwner) => `Save ${possessive(who)} record`,
    lead: 'A file that you save is yours to look after. Keep it where nobody else can read it.',
    summary: 'A summary to print',
    summaryText:
      'One page for a doctor or for yourself: allergies, medicines, problems, vaccinations and the latest results.',
    summaryOpen: 'Open the summary',
    r4: 'Everything, for apps and other practices (FHIR R4)',
    r4Text: 'All that the practice has given to this system, documents and the origin of entries included.',
    r4Save: 'Save as FHIR R4',
    dstu2: 'For older apps (FHIR DSTU2)',
    dstu2Text:
      'An older form of the same record, with the people and places that it names. The documents themselves are not in it, nor what this form can’t say.',
    dstu2Save: 'Save as FHIR DSTU2',
    loggedNote: 'Each time the record is saved, it is written into the list of who read what.',
  },

  receipt: {
    title: (who: PortalRecordOwner) => `What you agreed to about ${possessive(who)} record`,
    lead: 'A receipt is made each time you allow an app something. It holds the words that you were shown.',
    none: 'There are no receipts yet. You get one when you connect an app.',
    one: (app: string) => `Receipt for ${app}`,
    on: (when: string) => `Agreed on ${when}`,
    wording: 'Version of the words',
    hash: 'Check number (SHA-256)',
    hashHint: 'Whoever has the same text gets the same number: it shows that nothing was changed.',
    changed: 'This text does not have the number that was kept with it. Tell the practice.',
    save: 'Save as text',
  },

  patientRecord,
};
