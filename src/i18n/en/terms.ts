/**
 * Terms that several surfaces use: buttons, names of pages, and names of things and their states. The consent page uses
 * none of them, because every change of its wording needs a new version of the consent wording.
 */
export const terms = {
  yes: 'Yes',
  no: 'No',
  signIn: 'Sign in',
  signOut: 'Sign out',
  continue: 'Continue',
  save: 'Save',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  search: 'Search',
  /** Button that turns the search key `/` off or on. */
  searchKey: {
    on: { state: 'Press / to search.', button: 'Turn off', label: 'Turn off / to search' },
    off: { state: 'The / key doesn’t search.', button: 'Turn on', label: 'Turn on / to search' },
  },
  tryAgain: 'Try again',
  tryDemoApp: 'Try the demo app',
  nextPage: 'Next page',
  developerPortal: 'Developer portal',
  goToDeveloperPortal: 'Go to the developer portal',
  goToReviewQueue: 'Go to the review queue',
  notInSandbox: 'Not in the sandbox',
  documentation: 'Documentation',
  authorizationServer: 'Authorization server',
  passwordAndSecurity: 'Password and security',
  outbox: 'Outbox',
  status: 'Status',
  app: 'App',
  language: 'Language',
  website: 'Website',
  emailAddress: 'Email address',
  kind: 'Kind',
  since: 'Since',
  npi: 'NPI',
  insuranceCompany: 'Insurance company',
  who: 'Who',
  what: 'What',
  result: 'Result',
  verified: 'Verified',
  appStates: { active: 'Active', rejected: 'Rejected', suspended: 'Suspended', retired: 'Retired' },
  /** Categories of apps in the gallery. */
  appCategories: {
    records: 'Health record viewers',
    medicines: 'Medicines',
    fitness: 'Fitness and wellness',
    conditions: 'Chronic conditions',
    family: 'Family and caregivers',
    research: 'Research',
    insurance: 'Insurance and costs',
  },
  organisationRoles: { administrator: 'Administrator', developer: 'Developer', reader: 'Reader' },
  /** Headings of groups of data categories. */
  dataGroups: {
    person: 'About the person',
    results: 'Test results and measurements',
  },
  /** Reasons for a decision about an app. In a text they follow "Reason:". */
  decisionGrounds: {
    authenticity: 'we could not verify your identity',
    'terms-broken': 'it does not follow the agreed terms',
    'asked-by-developer': 'you asked us to',
  },
  /** Names of the parts of the service, for the status page. */
  serviceParts: {
    authorize: 'Sign-in and choosing what to share',
    token: 'Keeping apps connected',
    r4: 'Reading health data (FHIR R4)',
    dstu2: 'Reading health data (FHIR DSTU2)',
    portal: 'Portal pages',
    mail: 'Sending email',
    brands: 'List of practices for apps',
  },
  /** Names of the kinds of entries on the status page. */
  serviceEvents: { incident: 'Incident', maintenance: 'Maintenance' },
  serviceEventStates: { planned: 'Planned', open: 'Ongoing', over: 'Ended' },
};
