import { counts } from '../counts.ts';
import { formatNumber, plural } from '../plural.ts';
import { reviewDeadline } from '../review-deadline.ts';
import { terms } from '../terms.ts';

interface Domains {
  readonly its: string;
  readonly ofOrganisation: string;
}

/** Texts of the pages where administrators review apps. */
export const review = {
  /** Banner on the pages of the sandbox's administrator. */
  madeUp: {
    title: 'Everything here is made up',
    text: 'These apps, organizations, practices and people aren’t real. Only this browser sees what you decide and publish, and no email is sent. Your changes are deleted after a day without use. The audit log, keys and settings aren’t part of the sandbox.',
    startOver: 'Start over',
    startOverQuestion: 'Delete your changes and get new made-up apps and practices?',
    startedOver: 'Your changes are deleted.',
    /** Shown in place of the other pages of administrators. */
    notInSandbox: {
      title: terms.notInSandbox,
      text: 'This sandbox account reviews made-up apps, organizations and practices only. Sign in with your own administrator account.',
    },
  },
  queue: {
    title: 'Review queue',
    lead: 'Apps waiting for a decision.',
    automatic:
      'The server approves patient apps of verified organizations automatically (PATIENT_APP_REVIEW=automatic). This list shows the apps that need your review.',
    empty: { title: 'Nothing to review', text: 'New submissions appear here. We email you before one is overdue.' },
    noMatch: { title: 'No matching apps', text: 'Remove a filter to see more.' },
    clear: 'Clear filters',
    counts: {
      waiting: reviewDeadline.steps.verify,
      verified: reviewDeadline.steps.enable,
      asked: 'Question asked',
      soon: reviewDeadline.states.soon,
      late: reviewDeadline.states.late,
    },
    app: terms.app,
    organisation: 'Organization',
    appKind: 'Type',
    deadline: 'Deadline',
    change: 'Change',
    first: 'First version',
    onlyChanges: 'Changes only',
    table: 'Apps waiting for a decision',
  },
  filters: {
    textHint: 'Name, organization or client_id',
    kind: terms.kind,
    state: 'Status',
    organisation: 'Organization',
    registeredBy: 'Registered by',
  },
  states: {
    provisional: 'Not approved yet',
    active: terms.appStates.active,
    rejected: terms.appStates.rejected,
    suspended: terms.appStates.suspended,
    retired: terms.appStates.retired,
  },
  badges: {
    two: 'Needs two approvals',
    oneOfTwo: '1 of 2 approvals',
    asked: 'Question asked',
  },
  /** Names for the party that registered an app. */
  registrars: {
    developer: 'Developer',
    itself: 'The app itself',
    operator: 'Operator',
    server: 'This server',
  },
  /**
   * Texts in place of the organization's name for an app without an organization, by the party that registered the app.
   */
  noOrganisation: {
    developer: 'No organization',
    itself: 'No organization (the app registered itself)',
    operator: 'No organization (registered by an operator)',
    server: 'No organization (included with this server)',
  },
  apps: {
    title: 'All apps',
    lead: 'All registered apps.',
    empty: { title: 'No matching apps', text: 'Apps registered by developers, operators or programs appear here.' },
    pending: 'Waiting for review',
    created: (day: string) => `Registered on ${day}`,
    count: counts.apps,
  },
  app: {
    lead: (kind: string, organisation: string) => `${kind} by ${organisation}`,
    leadWithoutOrganisation: (kind: string, by: string) => `${kind}. ${by}.`,
    toDecision: 'Go to decision',
    facts: 'App details',
    clientId: 'client_id',
    version: (version: number) => `Version ${version}`,
    submitted: (who: string, at: string) => `Submitted by ${who} on ${at}`,
    submitters: {
      developer: 'a former member',
      itself: 'the app itself',
      operator: 'an operator',
      server: 'this server',
    },
    connected: 'People who connected it',
    registered: 'Registered',
    developer: 'Developer, as patients see it',
    noDeveloper: 'Not provided. Patients see that the developer is not verified.',
    how: 'How it was registered',
    origins: {
      developer: 'A developer registered it in the developer portal.',
      itself:
        'A program registered it at the registration endpoint (RFC 7591), without an account. Its network address is not stored. Information about its developer comes only from the app and is not verified.',
      operator: 'An operator of this server registered it on the command line.',
      server: 'It is included with this server for the sandbox and needs no review.',
    },
    /** Texts that explain the badge of an organization. */
    identity: {
      verified: (day: string) => `An administrator verified the organization’s identity on ${day}.`,
      unverified: 'No administrator has verified the organization’s identity.',
      meaning: 'Patients see this on the consent page. Step 1 is separate: it confirms who submitted this version.',
    },
    domain: 'Domain',
    noDomain: 'None (public email provider)',
    people: 'People',
    nothingPending: 'This app has nothing waiting for a decision.',
    question: 'Question without an answer',
    dataUse: {
      title: 'How the app uses health data',
      lead: 'The developer’s answers, as patients see them on the consent page. They are not verified.',
      none: 'The developer gave no answers.',
      unanswered: 'No answer',
    },
    terms: { title: 'Registration', changed: 'Version to approve', empty: 'None' },
    differences: {
      title: 'Proposed changes',
      lead: 'Compared with the approved version, which keeps working until you decide.',
      before: 'Approved',
      after: 'Proposed',
      added: 'Added',
      removed: 'Removed',
      none: 'Empty',
    },
    history: {
      title: 'History',
      empty: 'No history yet.',
      sides: { developer: 'Developer', operator: 'Administrator', server: 'Server' },
      kinds: {
        registered: 'Registered',
        submitted: 'Submitted',
        verified: 'Step 1 done: developer of this version verified',
        asked: 'Question asked',
        answered: 'Question answered',
        approved: 'Approved',
        'approved-first': 'First approval of two',
        rejected: 'Rejected',
        withdrawn: 'Withdrawn',
        suspended: 'Suspended',
        resumed: 'Resumed',
        retired: 'Retired',
        'secret-made': 'Client secret created',
        'secret-ended': 'Client secret ended',
        changed: 'Changed',
      },
    },
    notes: {
      title: 'Notes',
      lead: 'Only administrators can see these notes.',
      label: 'New note',
      add: 'Add note',
      done: 'Note added.',
      empty: 'No notes yet.',
    },
    requestLimit: {
      title: 'Request limit',
      lead: 'How many requests the app may send to the FHIR APIs, for all of its users together.',
      standard: (perMinute: number) => `${formatNumber(perMinute)} per minute, the default of this server.`,
      own: (perMinute: number) => `${formatNumber(perMinute)} per minute, set for this app.`,
      change: 'Change limit…',
      changeOf: (app: string) => `Change request limit: ${app}`,
      label: 'Requests per minute',
      hint: (standard: number) =>
        `1 to 1,000,000. Leave it empty for the default, ${formatNumber(standard)}. Each process of the server counts for itself. The change takes effect within a second.`,
      save: 'Save limit',
      done: 'Request limit saved.',
    },
    practices: {
      title: 'Practices',
      lead: 'The practices whose data the app can access after approval. The second approval applies to the same practices.',
      kinds: { sandbox: 'sandbox', live: 'live' },
    },
  },
  checks: {
    title: 'Checks',
    lead: 'Checks the app’s URLs and keys from this server. The results are advisory.',
    run: 'Run checks',
    again: 'Run checks again',
    done: (good: number, wrong: number, look: number) => `${good} passed, ${wrong} failed, ${look} to check manually`,
    results: { yes: 'Passed', no: 'Failed', look: 'Needs a manual check' },
    names: {
      domain: 'Domain',
      redirect: 'Redirect URI',
      policy: 'Privacy policy',
      website: terms.website,
      keys: 'Keys',
    },
    findings: {
      'same-domain': ({ its }: Domains) => `The URL is under ${its}, the organization’s email domain.`,
      'other-domain': ({ its, ofOrganisation }: Domains) =>
        `The URL is under ${its}, but the organization’s email domain is ${ofOrganisation}. Check that both belong to the same developer.`,
      'no-domain': 'The organization has no domain of its own. Verify its identity in another way.',
      'rules-kept': 'Exact https URL.',
      'rules-broken': 'The redirect URI breaks the rules.',
      loopback: 'The redirect URI leads to the patient’s own computer, where any program can listen.',
      'own-scheme': 'The redirect URI uses a custom scheme. Another app on the phone could claim it too.',
      answers: 'The page responds.',
      'does-not-answer': 'The page doesn’t respond.',
      'cannot-tell': 'This server couldn’t check the page. Open it yourself.',
      'not-given': 'The developer didn’t provide one.',
      'keys-usable': 'At least one key can be used for signing.',
      'keys-unusable': 'No key can be used for signing.',
    },
  },
  decide: {
    title: 'Decision',
    patientRule:
      'Patients choose their own apps, so don’t judge the app on its merits. You can reject it only if you can’t confirm the developer’s identity, or for a documented security risk.',
    localOnly:
      'All redirect URIs of this app are on localhost. It works only for a patient who runs it on their own computer, and it won’t appear in the app gallery. Before you approve it, ask the developer for a public redirect URI.',
    twoRule: 'This app requests data of entire practices (system/ scopes), so two administrators must approve it.',
    firstByYou: 'You gave the first approval. Another administrator must give the second.',
    firstBy: (who: string) => `${who} gave the first approval. Your approval enables the app.`,
    nothingToDecide: 'This app is retired. There is nothing to decide.',
    actions: {
      verify: 'Verify developer',
      approve: 'Approve version',
      reject: 'Reject version…',
      ask: 'Ask a question…',
      suspend: 'Suspend app…',
      resume: 'Resume app…',
      retire: 'Retire app…',
    },
    buttons: {
      verify: 'Verify developer',
      approve: 'Approve version',
      reject: 'Reject version',
      ask: 'Send question',
      suspend: 'Suspend app',
      resume: 'Resume app',
      retire: 'Retire app permanently',
    },
    consequences: {
      verify:
        'You confirm the developer’s identity. The verification deadline ends. You then have 5 business days to activate the app for real patients.',
      approve:
        'The app works with live practices immediately. You approve it as this page shows it. Your approval also confirms that you verified the developer.',
      approveChange:
        'The proposed changes on this page replace the approved version immediately. Your approval also confirms that you verified the developer.',
      approveFirst:
        'Your approval is recorded. Nothing changes for the app until another administrator approves it too.',
      reject: 'The app stops working, including in the sandbox, until a new version is submitted.',
      rejectChange: 'The change is rejected. The approved version keeps working.',
      ask: 'The deadline doesn’t change. Time keeps running while you wait for the answer and while you review it.',
      suspend:
        'The app can’t sign anyone in, and all of its tokens stop working within a second. Patients’ consents stay on record.',
      resume: 'The app works again. Unexpired tokens and patients’ consents are valid again.',
      retire:
        'The app is retired permanently and can never work again. All of its tokens stop working within a second.',
    },
    verifiedOrganisation: (day: string) =>
      `The organization’s identity was verified on ${day}. Each version still needs step 1: confirm that this version comes from the organization.`,
    /** Texts that tell the administrator who is notified of a decision, by the party that registered the app. */
    notifications: {
      developer: {
        plain: 'The developers are notified by email.',
        why: 'The developers get the reason by email.',
        ask: 'The developers get your question by email and answer it in the developer portal.',
      },
      /** The developers of a made-up app, who don't exist. */
      madeUp: {
        plain: 'On a real server, the developers get an email.',
        why: 'On a real server, the developers get the reason by email.',
        ask: 'On a real server, the developers get your question by email and answer it in the developer portal.',
      },
      itself: {
        plain: 'No email is sent. The app finds the decision at its registration management endpoint (RFC 7592).',
        why: 'No email is sent. The app finds your text at its registration management endpoint (RFC 7592).',
        ask: 'No email is sent. The app finds your question at its registration management endpoint (RFC 7592) and answers by submitting a new version.',
      },
      nobody: 'No email is sent, because no developer has an account for this app. Contact the developer yourself.',
    },
    organisation: (name: string) => `I confirmed the identity of ${name}. Verify the organization too.`,
    ground: 'Reason',
    grounds: {
      authenticity: {
        name: 'Authenticity not confirmed',
        text: 'The developer is not who they say they are, or this can’t be confirmed.',
      },
      'security-risk': {
        name: 'Documented security risk',
        text: 'The app would put the security of this system at risk. Describe the risk and your evidence.',
      },
      'terms-broken': { name: 'Violates the terms', text: 'The app doesn’t follow the agreed terms.' },
      'asked-by-developer': { name: 'Requested by the developer', text: 'Say when and how they requested it.' },
      other: { name: 'Other', text: 'Only for staff apps and backend apps.' },
    },
    text: 'Message to the developers',
    textKept: 'Explanation (saved in the history)',
    textHint: 'Say what is wrong and how to fix it.',
    question: 'Question',
    done: {
      verified: 'Step 1 is done: the developer of this version is verified. The deadline of step 2 has started.',
      'approved-first': 'Your approval is recorded. Another administrator must approve the app too.',
      approved: 'Version approved. It works now.',
      rejected: 'Version rejected.',
      asked: 'Question sent.',
      resumed: 'App resumed. It works again.',
      requested: 'Another administrator must approve this. Nothing changed yet.',
    },
    identityOpen: (organisation: string) =>
      `The identity of ${organisation} is not verified yet, and patients see that on the consent page.`,
    verifyIdentity: 'Verify identity',
    nextApp: (app: string) => `Next app: ${app}`,
    backToQueue: 'Back to queue',
    nothingLeft: 'No other app is waiting for a decision.',
    suspended: (count: number) => `App suspended. ${counts.tokens(count)} revoked.`,
    retired: (count: number) => `App retired. ${counts.tokens(count)} revoked.`,
  },
  organisations: {
    title: 'Organizations',
    lead: 'Organizations that develop apps. Patients see on the consent page whether an administrator verified the organization’s identity. Each version that it submits still needs a review of its own.',
    empty: { title: 'No matching organizations', text: 'An organization is created when a developer signs up.' },
    verified: 'Identity verified',
    unverified: 'Identity not verified',
    verifiedBy: (who: string, at: string) => `${who} verified the identity on ${at}`,
    verifiedOn: (at: string) => `The identity was verified on ${at}`,
    toDo: 'To do',
    nothingToDo: 'Nothing to do: no version is waiting for review.',
    toVerify: (count: number) =>
      plural(count, {
        one: 'verify the developer of 1 version',
        other: `verify the developer of ${formatNumber(count)} versions`,
      }),
    toEnable: (count: number) =>
      plural(count, { one: 'decide about 1 version', other: `decide about ${formatNumber(count)} versions` }),
    since: (at: string) => `Since ${at}`,
    people: counts.people,
    apps: counts.apps,
    verify: 'Verify identity',
    unverify: 'Withdraw verification',
    verifyOf: (name: string) => `Verify identity of ${name}`,
    unverifyOf: (name: string) => `Withdraw verification of ${name}`,
    verifyConsequence:
      'You confirm this organization’s identity. Patients see this on the consent page of all its apps.',
    unverifyConsequence: 'Its apps keep working. Patients see them as “not verified”.',
    doneVerify: 'Organization verified.',
    doneUnverify: 'Verification withdrawn.',
  },
} as const;
