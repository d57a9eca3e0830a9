import { counts } from './counts.ts';
import { formatNumber } from './plural.ts';
import { terms } from './terms.ts';
/** Texts of the public pages: app gallery, service base URLs of the practices, and server status. */
export const publicSite = {
  navigation: 'Public pages',
  links: {
    apps: 'Apps',
    practices: 'Practices and service base URLs',
    status: terms.status,
    docs: 'Documentation',
    developers: 'For developers',
  },
  search: terms.search,
  all: 'Show all',
  gallery: {
    title: 'Apps you can connect',
    lead: 'These apps can read your health record if you allow it. You choose what each app sees, and you can stop access at any time.',
    hint: 'App name, developer, or what you want to do',
    field: 'Search the apps',
    none: 'No apps are listed yet.',
    demoLink: terms.tryDemoApp,
    noneFound: (words: string) => `No apps match “${words}”. Try fewer or different words.`,
    count: counts.apps,
    madeBy: (developer: string) => `Made by ${developer}`,
    unknownDeveloper: 'Developer unknown.',
    verified: 'Developer verified',
    notVerified: 'Developer not verified.',
    requestedData: 'Asks to see',
    requestedKinds: (count: number) => `Asks to see ${formatNumber(count)} kinds of data`,
    noRequestedData: 'No health data.',
    dataUse: 'How the app says it uses your data',
    website: 'App website',
    policy: 'Privacy policy',
    noPolicy: 'The app has not given a privacy policy.',
    logo: (app: string) => `Logo of ${app}`,
    disclaimer: 'A listing is not an endorsement. Your health record is shared only after you sign in and agree.',
    howToConnect:
      'Start in the app. Look for a way to connect your health record, then choose your practice. Some apps have a button here that opens them.',
    categories: { label: 'Categories', all: 'All apps', names: terms.appCategories },
    category: 'Category',
    inCategory: (count: number, category: string) => `${category}: ${counts.apps(count)}`,
    noneInCategory: (category: string) => `No apps in “${category}”. Choose another category.`,
    start: (app: string) => `Open ${app}`,
    startHint: (host: string) => `This opens ${host}. The app then asks you to sign in here.`,
    connected: 'Connected',
    connectedLink: 'See what it can read, or disconnect it',
    /** The gallery of made-up apps in the sandbox. */
    examples: {
      link: 'See example apps',
      title: 'Example apps',
      note: 'These apps are made up. They show what the gallery looks like, and no one can connect them. Their links lead nowhere. The real apps of this server are here:',
    },
  },
  brands: {
    title: 'Practices and service base URLs',
    lead: 'Patients of these practices can connect apps here. Apps read health data from the service base URLs.',
    field: 'Search the practices',
    hint: 'Name, city, state or ZIP code',
    none: 'No practices are published yet.',
    noneFound: (words: string) => `No practices match “${words}”.`,
    count: counts.practices,
    website: terms.website,
    locations: 'Locations',
    otherNames: 'Also known as',
    npi: terms.npi,
    portal: 'For patients',
    portalLink: 'Sign in or see your account',
    sandbox: 'Test patients, for app developers',
    partOf: 'Uses the portal of',
    addresses: 'Service base URLs',
    addressesHint: 'All practices share the same two service base URLs.',
    developers: 'For developers',
    bundle: 'Download as FHIR Bundle (machine-readable)',
    r4Bundle: 'FHIR R4 only',
    updated: (when: string) => `Last changed on ${when}.`,
    checks: {
      'bundle-collection': 'The Bundle is not a collection. This is a bug in the server. Report it.',
      'bundle-timestamp': 'The Bundle has no timestamp of its last change. This is a bug in the server. Report it.',
      'ids-unique': 'Two entries have the same id, or an id is malformed. This is a bug in the server. Report it.',
      'full-urls': 'The fullUrl of an entry does not end with its id. This is a bug in the server. Report it.',
      'nothing-empty': 'An element is empty. This is a bug in the server. Report it.',
      'references-resolve':
        'A reference points to a resource that is not in the Bundle. This is a bug in the server. Report it.',
      'endpoints-there': 'There is no service base URL. This is a bug in the server. Report it.',
      'base-urls-unique': 'The same service base URL appears twice. This is a bug in the server. Report it.',
      'primary-brand':
        'Exactly one brand must have the identifier that the server gives to apps. Check whether a practice uses the address of this server as its website, and change it.',
      'primary-brand-endpoints':
        'The primary brand does not list every service base URL. This is a bug in the server. Report it.',
      'npi-once':
        'Two practices have the same identifier, so apps may treat them as one. Give each practice its own NPI and website.',
      'names-once': 'Two practices have the same name, so patients can’t tell them apart. Rename one.',
      'live-practice':
        'No practice with real patients is published. Either there are none, all have turned off their API, or details are missing.',
      'brand-name': 'A practice has no name. Add one on its practice page.',
      'placeholder-name':
        'The name is a placeholder. Rename the practice on its practice page, or turn off its API if it is not used.',
      'placeholder-name-local':
        'The name is a placeholder. On a server that apps reach over https, nothing is published until the name is changed.',
      'brand-website': 'The website is not a valid web address. Enter it again on the practice page.',
      'absent-reasons':
        'A reason for missing data is not one of the two allowed values. This is a bug in the server. Report it.',
      category: 'Apps don’t know this type of practice. Choose another one below.',
      identifiers: 'An identifier has no system or no value. This is a bug in the server. Report it.',
      npi: 'The NPI is not valid: its check digit is wrong. Look it up at npiregistry.cms.hhs.gov.',
      'portal-endpoints':
        'The patient portal lists a service base URL that the brand does not list. This is a bug in the server. Report it.',
      'brand-endpoint': 'A practice has no service base URL. This is a bug in the server. Report it.',
      'part-of':
        'The practice shares the portal of a practice that has no portal of its own. Choose another one below.',
      logo: 'The logo can’t be loaded over https. Set PUBLIC_URL to the https address of this server.',
      'website-missing':
        'The practice has no website. Apps show it so that patients recognize the practice. Enter the website on the practice page.',
      'logo-missing':
        'The practice has no logo. Apps show the logo on the practice’s card. Add one on the practice page.',
      'location-missing':
        'The practice has no address, so it is not in the list. Enter the address on the practice page.',
      'location-form': 'Programs can’t read this address. Write its last line as “City, ST 12345”.',
      'facility-identifier':
        'The practice has no NPI, so it is not in the list. Enter the NPI below or on the practice page.',
      'endpoint-address': 'A service base URL is not a valid web address, or ends with a slash. Correct PUBLIC_URL.',
      'endpoint-version': 'A service base URL has no FHIR version. This is a bug in the server. Report it.',
      'endpoint-status': 'A service base URL is not active. This is a bug in the server. Report it.',
      'endpoint-connection':
        'A service base URL has the wrong connection type. It must be FHIR REST. This is a bug in the server. Report it.',
      'endpoint-contact': 'There is no web address for developers. Correct PUBLIC_URL.',
      'endpoint-payload': 'A service base URL has the wrong payload type. This is a bug in the server. Report it.',
      https: 'An address starts with http, so others can read the data in transit. Set PUBLIC_URL to an https address.',
      'https-local':
        'Addresses start with http because this is a test server. On a production server they must start with https.',
    },
  },
  status: {
    title: terms.status,
    overall: {
      working: 'All services are working',
      partly: 'Some services have problems right now',
      failing: 'The service is not working right now',
      unknown: 'The status is unknown right now',
    },
    components: terms.serviceParts,
    states: { working: 'Working', failing: 'Not working', unknown: 'Unknown' },
    checkedAt: (when: string) => `Last checked on ${when}. The server checks every five minutes.`,
    /** Shown while an email waits longer than it should, or an incident affects email. */
    emailDelay: {
      state: 'Delayed',
      title: 'Emails may arrive late',
      patients: 'Patients',
      patientsText:
        'We keep trying to send your email for several days. If its link no longer works, ask for a new one. You don’t need email to sign in or to use your connected apps.',
      practices: 'Practices',
      practicesText:
        'Invitations and codes that you email may be late too. If a patient can’t wait, print a letter, or give the code in person or by phone.',
    },
    diskIsLow: 'The server is running out of disk space. Its operator needs to free some.',
    parts: 'Services',
    days: 'Last 90 days, oldest on the left.',
    legend: { good: 'worked', some: 'short outages', bad: 'long outages', none: 'no data' },
    uptime: (share: string) => `${share} uptime`,
    neverLooked: 'No data yet.',
    label: (component: string, good: string, bad: string) => `${component}, last 90 days: ${good}. ${bad}`,
    noBadDays: 'No days with outages.',
    badDays: (days: string) => `Days with outages: ${days}.`,
    responseTimes: (half: string, most: string) => `Response time: median ${half} ms, 95th percentile ${most} ms.`,
    now: 'Now',
    planned: 'Planned maintenance',
    past: 'Last 90 days',
    nothingPast: 'No incidents or maintenance.',
    kinds: terms.serviceEvents,
    from: (when: string) => `From ${when}`,
    until: (when: string) => `until ${when}`,
    affects: 'Affects',
    ended: terms.serviceEventStates.over,
    ongoing: terms.serviceEventStates.open,
    databaseUnavailable:
      'The server can’t reach its database. Apps can’t read data and no one can sign in. History is unavailable until the database recovers. Try again in a few minutes.',
    json: 'Download as JSON (machine-readable)',
    utc: 'Days begin and end at midnight UTC.',
  },
};
