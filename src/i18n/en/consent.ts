import { emptyHtml, type Html, html } from '../../kernel/index.ts';

/** Name of the patient that the reader represents; undefined if the record is the reader's own. */
type ConsentRecordOwner = string | undefined;

const ownerText = (whose: ConsentRecordOwner, thing: string): string =>
  whose === undefined ? `your ${thing}` : `${whose}’s ${thing}`;
/** Joins items to a list within a sentence, such as "a, b, and c". */
const joinList = (items: readonly string[]): string => new Intl.ListFormat('en-US').format(items);

/** Makes labels part of one sentence, which only the first one begins. */
const inSentence = ([first = '', ...others]: readonly string[]): readonly string[] => [
  first,
  ...others.map((label) => label.charAt(0).toLowerCase() + label.slice(1)),
];

/**
 * Texts of the consent page. A change of any text needs a new `CONSENT_WORDING_VERSION`
 * (oauth/consent/wording-version.ts), whether the text is in this file or in the Spanish one.
 */
export const consent = {
  title: (app: string) => `Share with ${app}?`,
  heading: (app: string, whose: ConsentRecordOwner) => `Share ${ownerText(whose, 'health record')} with ${app}?`,
  /** Heading of the consent page for an app that requests no health data. */
  headingWithoutData: (app: string) => `Let ${app} know who you are?`,
  hiHtml: (name: string) => html`Hi <b>${name}</b>.`,
  provisional: 'This app isn’t approved yet. It can see only test patients, not real ones.',
  changed: 'Something on this page just changed. Nothing has been shared yet. Please review the page again.',
  app: {
    about: (app: string) => `About ${app}`,
    verifiedHtml: (developer: string, day: string) =>
      html`It is made by <b>${developer}</b>. The people who run this service verified that on ${day}.`,
    claimedHtml: (developer: string) => html`It says it is made by <b>${developer}</b>.`,
    unknownDeveloper: 'It doesn’t say who makes it.',
    verified: 'Verified',
    notVerified: 'Not verified',
    addressHtml: (address: string, whose: ConsentRecordOwner) =>
      html`It sends ${ownerText(whose, 'data')} to <b>${address}</b>.`,
    deviceHtml: (address: string, whose: ConsentRecordOwner) =>
      html`It sends ${ownerText(whose, 'data')} to a program on this device: <b>${address}</b>.`,
    selfRegisteredHtml: (address: string) =>
      html`<b>This app registered itself here.</b> Anyone can give an app any name. Only its address is certain: <b>${address}</b>. Continue only if you know that address.`,
    policy: (host: string) => `Read its privacy policy at ${host}`,
    noPolicy: 'It doesn’t link to a privacy policy.',
    newTab: '(opens in a new tab)',
  },
  dataUse: {
    heading: (whose: ConsentRecordOwner) => `What happens to ${ownerText(whose, 'data')}`,
    /** Introduces the list of `claims`. */
    says: 'The app says:',
    unanswered: (missing: number, all: number) => {
      if (missing === 0) return `It answered all ${all} of our questions.`;
      return missing === all
        ? `It did not answer any of our ${all} questions about how it uses health data.`
        : `It did not answer ${missing} of our ${all} questions.`;
    },
    more: 'Privacy policy and all answers',
    unchecked: 'These are the app’s own answers. They have not been verified.',
    notAnswered: 'It did not answer.',
    questions: {
      sold: (whose: ConsentRecordOwner) => `Does it sell ${ownerText(whose, 'data')}?`,
      shared: (whose: ConsentRecordOwner) =>
        `Does it share ${ownerText(whose, 'data')} with anyone else, such as other companies?`,
      'other-uses': (whose: ConsentRecordOwner) =>
        `Does it use ${ownerText(whose, 'data')} for anything else, such as ads or research?`,
      deletion: (whose: ConsentRecordOwner) => `Will it delete ${ownerText(whose, 'data')} if you ask?`,
      kept: (whose: ConsentRecordOwner) => `Does it keep ${ownerText(whose, 'data')} after you stop using it?`,
      place: (whose: ConsentRecordOwner) => `Where does it store ${ownerText(whose, 'data')}?`,
      encrypted: (whose: ConsentRecordOwner) => `Does it encrypt ${ownerText(whose, 'data')}?`,
      changes: (_whose: ConsentRecordOwner) => 'Will it notify you before its terms change?',
    },
    answers: {
      yes: 'Yes',
      no: 'No',
      'with-consent': 'Only if you agree first',
      device: 'Only on your own device',
      'united-states': 'In the United States',
      elsewhere: 'Outside the United States',
    },
    /**
     * The main answers of the developer about data use, and every answer that a person may not expect. Each is a sentence
     * of its own, so that a “not” belongs to one statement only.
     */
    claims: {
      sold: {
        no: (whose: ConsentRecordOwner) => `It does not sell ${ownerText(whose, 'data')}.`,
        'with-consent': (whose: ConsentRecordOwner) => `It sells ${ownerText(whose, 'data')} only if you agree.`,
        yes: (whose: ConsentRecordOwner) => `It sells ${ownerText(whose, 'data')}.`,
      },
      shared: {
        no: (whose: ConsentRecordOwner) => `It does not share ${ownerText(whose, 'data')} with anyone else.`,
        'with-consent': (whose: ConsentRecordOwner) =>
          `It shares ${ownerText(whose, 'data')} with others only if you agree.`,
        yes: (whose: ConsentRecordOwner) => `It shares ${ownerText(whose, 'data')} with others.`,
      },
      'other-uses': {
        no: (whose: ConsentRecordOwner) => `It does not use ${ownerText(whose, 'data')} for ads or research.`,
        'with-consent': (whose: ConsentRecordOwner) =>
          `It uses ${ownerText(whose, 'data')} for ads or research only if you agree.`,
        yes: (whose: ConsentRecordOwner) => `It uses ${ownerText(whose, 'data')} for ads or research.`,
      },
      deletion: {
        no: (whose: ConsentRecordOwner) => `It does not delete ${ownerText(whose, 'data')}, even if you ask.`,
      },
      kept: {
        yes: (whose: ConsentRecordOwner) => `It keeps ${ownerText(whose, 'data')} after you stop using the app.`,
      },
      place: {
        elsewhere: (whose: ConsentRecordOwner) => `It stores ${ownerText(whose, 'data')} outside the United States.`,
      },
      encrypted: { no: (whose: ConsentRecordOwner) => `It does not encrypt ${ownerText(whose, 'data')}.` },
      changes: { no: (_whose: ConsentRecordOwner) => 'It can change its terms without telling you first.' },
    },
  },
  record: {
    askedHtml: (person: string, born: string | undefined, practice: string) =>
      html`The app asks for the record of <b>${person}</b>${birthDateHtml(born, ',')} at <b>${practice}</b>.`,
    askedForHtml: (person: string, born: string | undefined, practice: string) =>
      html`You act for <b>${person}</b>${birthDateHtml(born)}. The app asks for their record at <b>${practice}</b>.`,
    wrong: 'If this is the wrong record, go back and choose another.',
  },
  items: {
    legend: (app: string) => `Choose what ${app} can see`,
    none: (whose: ConsentRecordOwner) =>
      whose === undefined ? 'The app can’t see any health data.' : `The app can’t see any of ${whose}’s health data.`,
    /** Texts about the information on the person that is always shared, no matter which items are checked. */
    identity: {
      details: (whose: ConsentRecordOwner) =>
        whose === undefined
          ? 'It learns who you are: your name, birth date, address, phone, language, race and ethnicity.'
          : `It learns who you are and that you act for ${whose}: your name and how to contact you.`,
      name: (_whose: ConsentRecordOwner) => 'It learns your name.',
    },
    always: 'Always shared',
    /** Names the data that is shared along with every entry, as part of a list. */
    along: 'clinicians and practices named in the entries',
    locked: 'They are always shared, so the app knows whose data it is.',
    isNew: 'New',
    hint: 'Turn off what you don’t want to share.',
    /** @param entries number of entries, such as `14` or `500+` */
    counted: (entries: string) => `: ${entries}`,
    /** @param more number of items that are not in `labels` */
    inGroup: (labels: readonly string[], more: number) =>
      joinList([...inSentence(labels), ...(more === 0 ? [] : [`${more} more`])]),
    groupIsOff: 'Nothing in this group is shared while it is off.',
    stillShared: 'Entries that are also in another checked category are still shared.',
    stillSharedIn: (group: string) =>
      `Entries that also belong to “${group}” are still shared if they are checked there.`,
    several:
      'Some entries belong to more than one category. They are shared if any one of these categories is checked.',
    supporting: 'It also sees the clinicians and practices named in these entries, and where the entries came from.',
  },
  sensitive: {
    legend: 'Needs your separate permission',
    hint: (whose: ConsentRecordOwner) =>
      `These have extra legal protection. They stay private unless you turn them on, even inside another group. They are listed whether or not ${ownerText(whose, 'record')} has any.`,
    more: (count: number) => `Choose among ${count} kinds`,
    basis: (basis: string) => `Protected by ${basis}.`,
  },
  duration: {
    heading: 'How long access lasts',
    away: 'Also when I am away',
    choices: { '': 'Until I stop it', P1D: 'One day', P30D: '30 days', P90D: '90 days', P1Y: 'One year' },
  },
  /** Texts that say how long access lasts if the person can't or doesn't choose a duration. */
  term: {
    lengths: { hour: 'for one hour', session: 'until you sign out here, for 12 hours at most' },
    only: (app: string, length: string) => `${app} has access ${length}. After that, it must ask you again.`,
    unchecked: (length: string) => `If this is off, access lasts ${length}.`,
  },
  offline: {
    label: 'Keep access when I am away',
    hint: (days: number) => `It can get new data without you, as long as it reconnects at least every ${days} days.`,
    /** Text beside the checkbox for an app whose access can outlast the session even if the checkbox isn't checked. */
    otherwise: (days: number) =>
      `If this is off, it can still do so, but only if it reconnects at least every ${days} days.`,
  },
  stop: {
    before: 'You can stop it at any time in',
    link: 'Your account → Connected apps',
  },
  earlierGrant: {
    legend: (app: string) => `Access ${app} already has`,
    given: (app: string, whose: ConsentRecordOwner, day: string, kinds: readonly string[], until: string | undefined) =>
      `On ${day}, you let ${app} see ${ownerText(whose, 'record')}: ${joinList(kinds)}, ${until === undefined ? 'until you stop it' : `until ${until}`}.`,
    noData: 'no health data',
    label: 'Also apply today’s choices to that access',
    hint: (app: string) =>
      `If you check this, ${app} also loses earlier access to what you leave out now. Its earlier access also ends when the new access ends. If you leave this unchecked, the earlier access stays the same. Apps other than ${app} are not affected.`,
  },
  decision: {
    allow: 'Allow',
    deny: 'Deny',
    denied: (app: string) => `If you choose Deny, nothing is shared and you go back to ${app}.`,
    /** Text about the button "Deny" for an app that already has access from an earlier consent. */
    deniedAgain: (app: string) =>
      `If you choose Deny, nothing new is shared and you go back to ${app}. The access it already has stays the same.`,
    leavesHtml: (address: string, whose: ConsentRecordOwner) =>
      html`After you answer, you go to <b>${address}</b>. What the app does with ${ownerText(whose, 'data')} is between you and the app. The practice can’t get back data that was shared.`,
    notShared: 'Not shared:',
    everything: 'Everything the app asks for is on.',
    /** @param group a group of which some is shared */
    partly: (group: string) => `Parts of ${group}`,
    sensitive: 'Sensitive information',
    partlySensitive: 'Some sensitive information',
    goTo: 'Go to Allow and Deny',
  },
  recordChoice: {
    heading: (app: string) => `Whose record do you want to share with ${app}?`,
    legend: 'Choose one record',
    hint: (app: string) => `On the next page, you choose what ${app} can see. Nothing is shared before then.`,
    noChoice: 'Choose a record.',
    born: (day: string) => `born ${day}`,
    self: 'Your own record',
    representative: 'You act for this person',
    go: 'Continue',
  },
  receipt: {
    subject: (app: string, whose: ConsentRecordOwner) => `You connected ${app} to ${ownerText(whose, 'record')}`,
    app: 'App',
    address: 'Where the data goes',
    developer: 'Made by',
    verified: (developer: string, day: string) => `${developer} (verified on ${day})`,
    claimed: (developer: string) => `${developer} (according to the app, not verified)`,
    selfRegistered: 'The app registered itself here',
    yes: 'yes',
    no: 'no',
    unknown: 'the app did not say',
    record: 'Whose record',
    at: (person: string, practice: string) => `${person}, at ${practice}`,
    actingFor: (person: string) => `You act for ${person}.`,
    allowed: 'You allowed it to see',
    leftOut: 'You left out',
    nothing: 'nothing',
    sensitive: 'Needs your separate permission',
    allowedItem: (label: string, basis: string) => `${label} (${basis}): allowed`,
    deniedItem: (label: string, basis: string) => `${label} (${basis}): not allowed`,
    until: 'Access lasts',
    untilStopped: 'until you stop it',
    untilTime: (at: string) => `until ${at}`,
    away: 'Keeps access when you are away',
    comesBack: (days: number) => `yes, as long as it reconnects at least every ${days} days`,
    earlier: 'This choice also applies to the access the app already had.',
    stop: (address: string) =>
      `To stop this access, open ${address} and choose the app. The app may keep the data it has already received.`,
    agreed: 'Agreed on',
    wording: 'Text version',
    number: 'Agreement number',
    technical: 'Technical details',
  },
  /** Messages that a person sees in the browser if an authorization request can't continue. */
  problems: {
    tooLong: (most: number) =>
      `The app’s request is too long. Its developer must keep all parameters within ${most} characters in total, or use a pushed authorization request (RFC 9126).`,
    unknownApp:
      'This server doesn’t recognize the app that sent you here. Its developer must send the client_id from the registration.',
    backendApp: (app: string) =>
      `People can’t sign in to the app "${app}". It is a backend app and requests its own tokens with client_credentials.`,
    unusableApp: (app: string) => `The app "${app}" can’t be used right now. Nothing was shared with it.`,
    expiredRequest: (app: string) =>
      `The request from the app "${app}" has expired or doesn’t exist. Go back to the app and start again.`,
    noReturnAddress: (app: string) =>
      `The app "${app}" did not say where to return to. Its developer must send a redirect_uri.`,
    wrongReturnAddress: (app: string, uri: string) =>
      `The app "${app}" sent a redirect URI that isn’t registered for it: ${uri} . Its developer must send a redirect_uri exactly as registered.`,
    forStaff: (app: string) =>
      `The app "${app}" is for staff, but you are signed in as a patient. Sign out, open the app again and sign in with the right account.`,
    forPatients: (app: string) =>
      `The app "${app}" is for patients, but you are signed in as staff. Sign out, open the app again and sign in with the right account.`,
    launchedByAnother: (app: string) =>
      `Another person launched the app "${app}". Sign in as that person, or launch the app yourself.`,
    noDuration: 'Choose a time from the list, then choose Allow again.',
    recordGone: 'This record can no longer be shared. Go back to the app and start again.',
    untrusted: (app: string, reason: string) =>
      `The app "${app}" sent a request that can’t be completed. Nothing was shared with it. For its developer: ${reason}`,
    formExpired: 'This page was open too long, or cookies are turned off. Go back, reload the page and try again.',
  },
};

/** @param after text that follows the birth date, such as a period */
function birthDateHtml(born: string | undefined, after = ''): Html {
  return born === undefined ? emptyHtml : html`, born <span class="date">${born}</span>${after}`;
}
