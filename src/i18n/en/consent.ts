import { emptyHtml, type Html, html } from '../../kernel/index.ts';

/** Name of the patient that the reader represents; undefined if the record is the reader's own. */
type ConsentRecordOwner = string | undefined;

const ownerText = (whose: ConsentRecordOwner, thing: string): string =>
  whose === undefined ? `your ${thing}` : `${whose}’s ${thing}`;
/** Joins items to a list within a sentence, such as "a, b, and c". */
const joinList = (items: readonly string[]): string => new Intl.ListFormat('en-US').format(items);

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
  provisional: 'This app has not been approved yet, so it can only see made-up sandbox patients.',
  changed: 'Something on this page has just changed. Nothing was shared yet: please look at it again.',
  app: {
    about: (app: string) => `About ${app}`,
    verifiedHtml: (developer: string, day: string) =>
      html`It is made by <b>${developer}</b>. The people who run this service checked that on ${day}.`,
    claimedHtml: (developer: string) =>
      html`It says that it is made by <b>${developer}</b>. Nobody here has checked that.`,
    unknownDeveloper: 'It does not say who makes it, and nobody here has checked.',
    addressHtml: (address: string, whose: ConsentRecordOwner) =>
      html`It takes ${ownerText(whose, 'data')} to <b>${address}</b>.`,
    deviceHtml: (address: string, whose: ConsentRecordOwner) =>
      html`It takes ${ownerText(whose, 'data')} to a program on this device: <b>${address}</b>.`,
    selfRegisteredHtml: (address: string) =>
      html`<b>This app signed itself up here.</b> Anyone can choose any name for an app. Only its address is sure: <b>${address}</b>. Go on only if you know that address.`,
    policy: (host: string) => `Read its privacy policy at ${host}`,
    noPolicy: 'It does not say where its privacy policy is.',
    newTab: '(opens in a new tab)',
  },
  dataUse: {
    summary: (claims: readonly string[], whose: ConsentRecordOwner) =>
      `It says about ${ownerText(whose, 'data')}: ${claims.join('; ')}.`,
    unanswered: (missing: number, all: number) => {
      if (missing === 0) return `It answered all ${all} of our questions.`;
      return missing === all
        ? `It did not answer any of our ${all} questions about what it does with health data.`
        : `It did not answer ${missing} of ${all} questions.`;
    },
    more: (whose: ConsentRecordOwner) => `What it says it does with ${ownerText(whose, 'data')}`,
    unchecked: 'These are the app’s own answers. Nobody here has checked them.',
    notAnswered: 'It did not answer.',
    questions: {
      sold: (whose: ConsentRecordOwner) => `Does it sell ${ownerText(whose, 'data')}?`,
      shared: (whose: ConsentRecordOwner) =>
        `Does it let anyone else see ${ownerText(whose, 'data')}, such as other companies?`,
      'other-uses': (whose: ConsentRecordOwner) =>
        `Does it use ${ownerText(whose, 'data')} for anything else, such as ads or research?`,
      deletion: (whose: ConsentRecordOwner) => `Will it delete ${ownerText(whose, 'data')} if you ask?`,
      kept: (whose: ConsentRecordOwner) => `Does it keep ${ownerText(whose, 'data')} after you stop using it?`,
      place: (whose: ConsentRecordOwner) => `Where does it keep ${ownerText(whose, 'data')}?`,
      encrypted: (whose: ConsentRecordOwner) => `Does it keep ${ownerText(whose, 'data')} locked with encryption?`,
      changes: (_whose: ConsentRecordOwner) => 'Will it tell you before its terms change?',
    },
    answers: {
      yes: 'Yes',
      no: 'No',
      'with-consent': 'Only if you agree to that first',
      device: 'Only on your own device',
      'united-states': 'In the United States',
      elsewhere: 'Outside the United States',
    },
    /** Short forms of the developer's main answers about data use, for a one-sentence summary of the app. */
    claims: {
      sold: { no: 'not sold', 'with-consent': 'sold only if you agree', yes: 'sold' },
      shared: { no: 'shared with nobody', 'with-consent': 'shared only if you agree', yes: 'shared with others' },
      'other-uses': {
        no: 'not used for ads or research',
        'with-consent': 'used for ads or research only if you agree',
        yes: 'used for ads or research',
      },
    },
  },
  record: {
    askedHtml: (person: string, born: string | undefined, practice: string) =>
      html`The app asks for the record of <b>${person}</b>${birthDateHtml(born, ',')} at <b>${practice}</b>.`,
    askedForHtml: (person: string, born: string | undefined, practice: string) =>
      html`You act for <b>${person}</b>${birthDateHtml(born)}. The app asks for their record at <b>${practice}</b>.`,
    wrong: 'If that is the wrong record, go back and choose another.',
  },
  items: {
    legend: (app: string) => `Choose what ${app} may see`,
    none: (whose: ConsentRecordOwner) => `The app sees no health data${whose === undefined ? '' : ` of ${whose}`}.`,
    /** Texts about the information on the person that is always shared, no matter which items are checked. */
    identity: {
      details: (whose: ConsentRecordOwner) =>
        whose === undefined
          ? 'It learns who you are: your name, birth date, address, phone, language, race and ethnicity.'
          : `It learns who you are and that you act for ${whose}: your name, and how to reach you.`,
      name: (_whose: ConsentRecordOwner) => 'It learns your name.',
    },
    locked: 'Always shared, so that the app knows whose data it is.',
    isNew: 'New',
    several: 'Some entries belong to several kinds. They are shared if any one of these is ticked.',
    supporting: 'It also sees which clinicians and practices are named there, and where entries came from.',
  },
  sensitive: {
    legend: 'Needs your separate permission',
    hint: (whose: ConsentRecordOwner) =>
      `The law protects these more strongly. They stay private unless you tick them, also where they are part of something above. They are listed whether or not ${ownerText(whose, 'record')} has any.`,
    basis: (basis: string) => `Protected by ${basis}.`,
  },
  duration: {
    legend: (app: string) => `How long may ${app} have access?`,
    choices: { '': 'Until I stop it', P1D: 'One day', P30D: '30 days', P90D: '90 days', P1Y: 'One year' },
  },
  /** Texts that say how long access lasts if the person can't or doesn't choose a duration. */
  term: {
    lengths: { hour: 'for one hour', session: 'until you sign out here, for at most 12 hours' },
    only: (app: string, length: string) => `${app} has access ${length}. After that, it must ask you again.`,
    unchecked: (app: string, length: string) => `If you leave this unchecked, ${app} has access ${length}.`,
  },
  offline: {
    legend: 'When you are not using it',
    label: 'Keep access when I am away',
    hint: (app: string, days: number) =>
      `${app} can fetch new data without you, for as long as it comes back at least every ${days} days.`,
    /** Text beside the checkbox for an app whose access can outlast the session even if the checkbox isn't checked. */
    otherwise: (days: number) => `Without this tick it can too, but only if it comes back at least every ${days} days.`,
  },
  stop: {
    before: 'You can stop it any time at',
    link: 'Your account → Connected apps',
  },
  earlierGrant: {
    legend: (app: string) => `Access that ${app} already has`,
    given: (app: string, whose: ConsentRecordOwner, day: string, kinds: readonly string[], until: string | undefined) =>
      `On ${day} you let ${app} see ${ownerText(whose, 'record')}: ${joinList(kinds)}, ${until === undefined ? 'until you stop it' : `until ${until}`}.`,
    noData: 'no health data',
    label: 'Use this choice for that too',
    hint: (app: string) =>
      `Tick this to take from it what you leave out now, and to end it when this ends. Otherwise it stays as it is. Apps other than ${app} are not touched by your choice.`,
  },
  decision: {
    allow: 'Allow',
    deny: 'Deny',
    denied: (app: string) => `Deny shares nothing, and takes you back to ${app}.`,
    /** Text about the button "Deny" for an app that already has access from an earlier consent. */
    deniedAgain: (app: string) =>
      `Deny shares nothing new, and takes you back to ${app}. The access that it already has stays as it is.`,
    leavesHtml: (address: string, whose: ConsentRecordOwner) =>
      html`Your answer takes you to <b>${address}</b>. What the app does with ${ownerText(whose, 'data')} is between you and the app: the practice can’t take back what was shared.`,
  },
  recordChoice: {
    heading: (app: string) => `Whose record do you want to share with ${app}?`,
    legend: 'Choose one record',
    hint: (app: string) => `On the next page you choose what ${app} may see of it. Nothing is shared before that.`,
    noChoice: 'Choose whose record it is about.',
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
    verified: (developer: string, day: string) => `${developer} (checked on ${day})`,
    claimed: (developer: string) => `${developer}, it says (nobody here has checked that)`,
    selfRegistered: 'The app signed itself up here',
    yes: 'yes',
    no: 'no',
    unknown: 'it did not say',
    record: 'Whose record',
    at: (person: string, practice: string) => `${person}, at ${practice}`,
    actingFor: (person: string) => `You act for ${person}.`,
    allowed: 'You allowed it to see',
    leftOut: 'You left out',
    nothing: 'nothing',
    sensitive: 'Needs your separate permission',
    allowedItem: (label: string, basis: string) => `${label} (${basis}): allowed`,
    deniedItem: (label: string, basis: string) => `${label} (${basis}): not allowed`,
    until: 'How long',
    untilStopped: 'until you stop it',
    untilTime: (at: string) => `until ${at}`,
    away: 'Keeps access when you are away',
    comesBack: (days: number) => `yes, for as long as it comes back at least every ${days} days`,
    earlier: 'This choice also holds for what the app was allowed before.',
    stop: (address: string) =>
      `To stop it: open ${address} and choose the app there. The app may keep what it has already received.`,
    agreed: 'Agreed on',
    wording: 'Version of these words',
    number: 'Number of this agreement',
    technical: 'For technicians',
  },
  /** Messages that a person sees in the browser if an authorization request can't continue. */
  problems: {
    tooLong: (most: number) =>
      `The app’s request is too long. Its developer must keep all parameters together within ${most} characters, or push them ahead (RFC 9126).`,
    unknownApp:
      'The app that sent you here is not known to this server. Its developer must send the client_id it was given at registration.',
    backendApp: (app: string) =>
      `Nobody signs in to the app "${app}": it is a backend app, which asks for tokens itself, with client_credentials.`,
    unusableApp: (app: string) => `The app "${app}" can’t be used at present. Nothing was shared with it.`,
    expiredRequest: (app: string) =>
      `The request of the app "${app}" has expired, or was never made. Go back to the app and begin again.`,
    noReturnAddress: (app: string) =>
      `The app "${app}" did not say where to return to. Its developer must send a redirect_uri.`,
    wrongReturnAddress: (app: string, uri: string) =>
      `The app "${app}" asked to return to an address that is not registered for it: ${uri} . Its developer must send a registered address, letter for letter.`,
    forStaff: (app: string) =>
      `The app "${app}" is for staff, and you are signed in as a patient. Sign out, open the app again, and sign in with the right account.`,
    forPatients: (app: string) =>
      `The app "${app}" is for patients, and you are signed in as a member of staff. Sign out, open the app again, and sign in with the right account.`,
    launchedByAnother: (app: string) =>
      `Somebody else launched the app "${app}". Sign in as the one who launched it, or launch it yourself.`,
    noDuration: 'Choose for how long from the list, then allow again.',
    recordGone: 'The record that this page was about can’t be shared any more. Go back to the app and begin again.',
    untrusted: (app: string, reason: string) =>
      `The app "${app}" asked for what can’t be done, and nothing was shared with it. ${reason}`,
    formExpired:
      'This page was open for too long, or cookies are turned off. Go back, load the page again and try once more.',
  },
};

/** @param after text that follows the birth date, such as a period */
function birthDateHtml(born: string | undefined, after = ''): Html {
  return born === undefined ? emptyHtml : html`, born <span class="date">${born}</span>${after}`;
}
