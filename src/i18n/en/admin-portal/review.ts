import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { terms } from '../terms.ts';

interface Domains {
  readonly its: string;
  readonly ofOrganisation: string;
}

/** Texts of the pages where administrators review apps. Developers see `rules` too. */
export const review = {
  queue: {
    title: 'Review queue',
    lead: 'What developers handed in and nobody decided yet, what is due first at the top.',
    automatic:
      'Patient apps of verified organizations are let in by the server itself (PATIENT_APP_REVIEW=automatic). What needs a person is here.',
    empty: { title: 'Nothing waits', text: 'What developers hand in appears here. You get a mail before it is late.' },
    more: (shown: number, found: number) =>
      `The first ${formatNumber(shown)} of ${formatNumber(found)} are shown. The filters find the others.`,
    noMatch: { title: 'Nothing fits these filters', text: 'Take some of them away to see more.' },
    clear: 'Clear filters',
    counts: {
      waiting: 'Developer to verify',
      verified: 'To be enabled',
      asked: 'Question asked',
      soon: 'Due soon',
      late: 'Late',
    },
    app: terms.app,
    organisation: 'Organization',
    appKind: 'What it is',
    deadline: 'Clock',
    change: 'Change',
    first: 'First version',
    onlyChanges: 'Changes only',
    table: 'What waits to be decided',
  },
  filters: {
    label: 'Filters',
    text: terms.search,
    textHint: 'Name, organization or client_id',
    kind: terms.kind,
    state: 'State',
    any: 'All',
    organisation: 'Organization',
    registeredBy: 'Registered by',
  },
  deadline: {
    verify: 'Verify the developer',
    enable: 'Enable the app',
    states: { 'in-time': 'In time', soon: 'Due soon', late: 'Late' },
    left: (count: number) => (count === 0 ? 'ends today' : `${counts.businessDays(count)} left`),
    late: (count: number) => (count === 0 ? 'ended' : `late by ${counts.businessDays(count)}`),
    due: (day: string) => `by ${day}`,
    elapsed: (passed: number, all: number) =>
      `${formatNumber(passed)} of ${counts.businessDays(all)} ${plural(passed, { one: 'is', other: 'are' })} over`,
  },
  states: {
    provisional: 'Not approved yet',
    active: terms.appStates.active,
    rejected: terms.appStates.rejected,
    suspended: terms.appStates.suspended,
    retired: terms.appStates.retired,
  },
  badges: {
    two: 'Two administrators',
    oneOfTwo: 'One of two approved',
    asked: 'Question asked',
    verified: terms.verified,
    unverified: 'Not verified',
  },
  /** Names for the party that registered an app. */
  registrars: {
    developer: 'A developer of an organization',
    itself: 'Itself',
    operator: 'An operator',
    server: 'This server',
  },
  /**
   * Texts in place of the organization's name for an app without an organization, by the party that registered the app.
   */
  noOrganisation: {
    developer: 'No organization',
    itself: 'No organization: it registered itself',
    operator: 'No organization: an operator registered it',
    server: 'No organization: it comes with this server',
  },
  apps: {
    title: 'All apps',
    lead: 'Whatever can ask for tokens here, the newest first.',
    empty: { title: 'No app fits', text: 'Apps that developers, operators or programs register are listed here.' },
    pending: 'Waits for review',
    created: (day: string) => `Registered on ${day}`,
    count: counts.apps,
  },
  app: {
    lead: (kind: string, organisation: string) => `${kind} by ${organisation}`,
    leadWithoutOrganisation: (kind: string, by: string) => `${kind}. ${by}.`,
    toDecision: 'To the decision',
    facts: 'About it',
    clientId: 'client_id',
    version: (version: number) => `Version ${version}`,
    submitted: (who: string, at: string) => `Handed in by ${who} on ${at}`,
    submitters: {
      developer: 'somebody who is gone',
      itself: 'the app itself',
      operator: 'an operator',
      server: 'this server',
    },
    connected: 'People who let it read',
    registered: 'Registered',
    developer: 'Who makes it, as patients are told',
    noDeveloper: 'Not said: patients see that nobody made sure who makes it',
    how: 'How it was registered',
    origins: {
      developer: 'By a developer, in the portal.',
      itself:
        'A program registered it at the registration endpoint (RFC 7591), with no account. Which network it came from is not kept; who makes it is known only from what it says of itself.',
      operator: 'An operator of this server registered it at the command line.',
      server: 'It comes with this server and is for the sandbox: it does not wait for review.',
    },
    domain: 'Domain',
    noDomain: 'None (public mail provider)',
    people: 'People',
    nothingPending: 'Nothing of this app waits to be decided.',
    question: 'Asked, and not answered yet',
    dataUse: {
      title: 'What it says it does with health data',
      lead: 'The developer’s answers, as patients see them at consent. Nobody here vouches for them.',
      none: 'It gave no answers.',
      unanswered: 'Did not answer',
    },
    terms: { title: 'What it registered', changed: 'What is to be approved', empty: 'None' },
    differences: {
      title: 'What would change',
      lead: 'Against the approved version, which works on until this is decided.',
      before: 'Approved',
      after: 'Wanted',
      added: 'Added',
      removed: 'Removed',
      none: 'Empty',
    },
    history: {
      title: 'History',
      empty: 'Nothing happened yet.',
      sides: { developer: 'Developer', operator: 'Administrator', server: 'Server' },
      kinds: {
        registered: 'Registered',
        submitted: 'Handed in',
        verified: 'Developer verified',
        asked: 'Question asked',
        answered: 'Question answered',
        approved: 'Approved',
        'approved-first': 'Approved by the first of two',
        rejected: 'Rejected',
        withdrawn: 'Withdrawn',
        suspended: 'Suspended',
        resumed: 'Resumed',
        retired: 'Retired',
        'secret-made': 'Secret made',
        'secret-ended': 'Secret ended',
        changed: 'Changed',
      },
    },
    notes: {
      title: 'Notes',
      lead: 'Administrators alone see these.',
      label: 'New note',
      add: 'Add note',
      empty: 'No notes yet.',
    },
    practices: {
      title: 'Practices',
      lead: 'Whose data it may have, once it is approved. The second approval is for the same ones.',
      kinds: { sandbox: 'sandbox', live: 'live' },
    },
  },
  checks: {
    title: 'Checks',
    lead: 'Looks into addresses and keys now, from this server. They help you to decide; none of them decides.',
    run: 'Run the checks',
    again: 'Run them again',
    done: (good: number, wrong: number, look: number) =>
      `${good} in order, ${wrong} not in order, ${look} for you to look at`,
    results: { yes: 'In order', no: 'Not in order', look: 'Look yourself' },
    names: {
      domain: 'Domain',
      redirect: 'Redirect URI',
      policy: 'Privacy policy',
      website: terms.website,
      keys: 'Keys',
    },
    findings: {
      'same-domain': ({ its }: Domains) => `It is under ${its}, as the mail addresses of the organization are.`,
      'other-domain': ({ its, ofOrganisation }: Domains) =>
        `It is under ${its}, and the organization is ${ofOrganisation}: find out whether both are the same developer’s.`,
      'no-domain': 'The organization has no domain of its own. Make sure in another way who it is.',
      'rules-kept': 'One exact https address.',
      'rules-broken': 'It breaks the rules for redirect URIs.',
      loopback: 'It leads to the patient’s own computer, where any program may listen.',
      'own-scheme': 'A scheme of the app’s own: another app on the phone may claim it too.',
      answers: 'It answers.',
      'does-not-answer': 'It does not answer.',
      'cannot-tell': 'This server can’t tell. Open it yourself.',
      'not-given': 'The developer gave none.',
      'keys-usable': 'There is a key that can sign.',
      'keys-unusable': 'There is no key that can be used.',
    },
  },
  decide: {
    title: 'Decide',
    patientRule:
      'Which app a patient takes is the patient’s choice: it is not vetted on merit. You can refuse it only if its developer is not who they say, or for a documented security risk.',
    localOnly:
      'All redirect URIs of this app are on localhost. It works only for a patient who runs it on their own computer, and it won’t appear in the gallery. Before you approve it, ask the developer for a public redirect URI.',
    twoRule: 'It asks for data of whole practices (system/ scopes): two administrators have to approve it.',
    firstByYou: 'You approved it first. Another administrator has to approve it now.',
    firstBy: (who: string) => `${who} approved it first. Your approval lets it in.`,
    nothingToDecide: 'There is nothing to decide: this app is retired.',
    actions: {
      verify: 'Verify the developer',
      approve: 'Approve',
      reject: 'Reject…',
      ask: 'Ask a question…',
      suspend: 'Suspend…',
      resume: 'Resume…',
      retire: 'Retire…',
    },
    buttons: {
      verify: 'Verify',
      approve: 'Approve',
      reject: 'Reject',
      ask: 'Send the question',
      suspend: 'Suspend',
      resume: 'Resume',
      retire: 'Retire for good',
    },
    consequences: {
      verify:
        'You say that you made sure who makes this app. The first clock stops; from now there are 5 business days to enable it.',
      approve: 'The app works with the live practices from now on. What you see on this page is what is approved.',
      approveChange:
        'What would change, as you see it on this page, holds from now on in place of the version approved before.',
      approveFirst:
        'Your approval is kept. Nothing changes for the app until another administrator approves it as well.',
      reject: 'The app does nothing any more, in the sandbox neither, until another version is handed in.',
      rejectChange: 'The change is refused, and the version approved before works on.',
      ask: 'The clock goes on until the question is answered, and while you read the answer.',
      suspend:
        'The app can’t sign anybody in, and all of its tokens are refused within a second. What patients allowed is kept.',
      resume: 'The app works again. Tokens that have not expired, and what patients allowed, are good again.',
      retire: 'The app ends for good: it can never work again, and all of its tokens are refused within a second.',
    },
    /** Texts that tell the administrator who is notified of a decision, by the party that registered the app. */
    notifications: {
      developer: {
        plain: 'The developers are told by mail.',
        why: 'The developers are told by mail why.',
        ask: 'The developers get your question by mail and answer it in the portal.',
      },
      itself: {
        plain: 'No mail goes out. The app finds the decision where it manages its registration (RFC 7592).',
        why: 'No mail goes out. The app finds what you write where it manages its registration (RFC 7592).',
        ask: 'No mail goes out. The app finds your question where it manages its registration (RFC 7592), and answers by handing in another version.',
      },
      nobody: 'No mail goes out: no developer has an account for this app. Tell whoever makes it yourself.',
    },
    organisation: (name: string) => `I made sure who ${name} is: verify the organization as well`,
    ground: 'Reason',
    grounds: {
      authenticity: {
        name: 'Authenticity not confirmed',
        text: 'The developer is not, or can’t be shown to be, who they say they are.',
      },
      'security-risk': {
        name: 'Documented security risk',
        text: 'The app would put the security of this system at risk. Say which risk, and how you know.',
      },
      'terms-broken': { name: 'Does not keep to the terms', text: 'It does not keep to what was agreed.' },
      'asked-by-developer': { name: 'The developer asked for it', text: 'Say when and how.' },
      other: { name: 'Another reason', text: 'Only for apps of staff and of practices.' },
    },
    text: 'What the developers read',
    textKept: 'Reason in words, kept in the history',
    textHint: 'Say what is wrong and how to mend it.',
    question: 'Question',
    done: {
      verified: 'Verified. The clock to enable it runs.',
      'approved-first': 'Your approval is kept. Another administrator has to approve it as well.',
      approved: 'Approved. It works from now on.',
      rejected: 'Rejected.',
      asked: 'Asked.',
      resumed: 'Resumed. It works again.',
    },
    suspended: (count: number) => `Suspended: ${counts.tokens(count)} ended.`,
    retired: (count: number) => `Retired: ${counts.tokens(count)} ended.`,
  },
  organisations: {
    title: 'Organizations',
    lead: 'Who makes apps, and whose identity an administrator made sure of. Patients see it at consent.',
    empty: { title: 'No organization fits', text: 'An organization is made when somebody signs up as a developer.' },
    verified: terms.verified,
    unverified: 'Not verified',
    verifiedBy: (who: string, at: string) => `Verified by ${who} on ${at}`,
    verifiedOn: (at: string) => `Verified on ${at}`,
    since: (at: string) => `Since ${at}`,
    people: counts.people,
    apps: counts.apps,
    verify: 'Verify',
    unverify: 'Take back',
    verifyOf: (name: string) => `Verify ${name}`,
    unverifyOf: (name: string) => `Take back the verification of ${name}`,
    verifyConsequence:
      'You say that you made sure who this organization is. Patients see it at consent, for all of its apps.',
    unverifyConsequence: 'Its apps go on as they do. Patients no longer see that somebody made sure who makes them.',
    doneVerify: 'The organization is verified.',
    doneUnverify: 'The verification was taken back.',
  },
  /** Explanation of the review rules and deadlines, for developers. */
  rules: {
    title: 'What review asks, and how long it takes',
    deadlines:
      'Within 10 business days we make sure that you are who you say you are. Within 5 business days after that your app works with live practices. US federal holidays and weekends do not count. (45 CFR 170.404(b)(1))',
    patient:
      'An app that patients choose for themselves is not judged on merit. It is refused only if we can’t confirm who you are, or for a security risk that we document and tell you.',
    others: 'Apps for staff and for practices’ systems are looked at together with the practices that use them.',
    two: 'Apps with system/ scopes need two of our administrators to agree.',
    meanwhile: 'Until then your app works with the sandbox practices, with the same id and keys.',
    helps:
      'It goes faster if redirect URIs, privacy policy and website are under the domain of your mail address, and if the addresses answer.',
    changes:
      'Another redirect URI, more scopes, another name or policy are looked at again; the approved version works on meanwhile.',
    question: 'If we ask you something, the clock goes on: answer soon.',
  },
} as const;
