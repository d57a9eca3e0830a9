import { counts } from './counts.ts';
import { terms } from './terms.ts';
/** Texts of the public pages: app gallery, service base URLs of the practices, and server status. */
export const publicSite = {
  navigation: 'Public pages',
  links: { apps: 'Apps', practices: 'Practices and their addresses', status: terms.status },
  search: terms.search,
  all: 'Show all',
  gallery: {
    title: 'Apps you can connect',
    lead: 'These apps can read your health record if you let them. You choose what each one sees, and you can end it at any time.',
    hint: 'A name, a maker, or what you want to do',
    field: 'Search the apps',
    none: 'No app is listed here yet.',
    noneFound: (words: string) => `No app fits “${words}”. Try fewer or other words.`,
    count: counts.apps,
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    next: terms.nextPage,
    previous: 'Previous page',
    madeBy: (developer: string) => `Made by ${developer}`,
    unknownDeveloper: 'It is not known who makes it.',
    verified: terms.verified,
    verifiedMeans: 'We made sure who makes it.',
    notVerified: 'Nobody here has made sure who makes it.',
    requestedData: 'Asks to see',
    noRequestedData: 'No health data.',
    dataUse: 'What it says it does with your data',
    website: 'Its website',
    policy: 'Its privacy policy',
    noPolicy: 'It does not say where its privacy policy is.',
    logo: (app: string) => `Logo of ${app}`,
    disclaimer:
      'Being listed is no advice to use an app. Your health record is shared only after you sign in and agree.',
    howToConnect:
      'Begin in the app itself: look there for a way to connect your health record, and choose your practice.',
  },
  brands: {
    title: 'Practices and their addresses',
    lead: 'Practices whose patients can connect apps here, and the addresses that apps read from.',
    field: 'Search the practices',
    hint: 'Name, city, state or ZIP code',
    none: 'Nothing is published yet.',
    noneFound: (words: string) => `No practice fits “${words}”.`,
    count: counts.practices,
    website: terms.website,
    locations: 'Places',
    otherNames: 'Also known as',
    npi: terms.npi,
    portal: 'For patients',
    portalLink: 'Sign in or see your account',
    sandbox: 'Made-up patients, for developers of apps',
    partOf: 'Uses the portal of',
    addresses: 'Addresses for apps',
    addressesHint: 'All practices have the same two.',
    developers: 'For developers',
    bundle: 'The same as a FHIR Bundle, for programs',
    r4Bundle: 'FHIR R4 only',
    updated: (when: string) => `Last changed on ${when}.`,
    checks: {
      'bundle-collection': 'The bundle is not a collection. This is a fault of the server: report it.',
      'bundle-timestamp': 'The bundle does not say when it was changed. This is a fault of the server: report it.',
      'ids-unique':
        'Two entries have the same id, or an id is in the wrong form. This is a fault of the server: report it.',
      'full-urls': 'The address of an entry does not end with its id. This is a fault of the server: report it.',
      'nothing-empty': 'Something is there and empty. This is a fault of the server: report it.',
      'references-resolve':
        'Something is referred to that is not in the bundle. This is a fault of the server: report it.',
      'endpoints-there': 'There is no address that apps can read from. This is a fault of the server: report it.',
      'base-urls-unique': 'The same address for apps is there twice. This is a fault of the server: report it.',
      'primary-brand':
        'Not exactly one brand has the identifier that the server tells apps. Look whether a practice has this server’s own address as its website, and change that.',
      'primary-brand-endpoints':
        'The main brand does not name every address for apps. This is a fault of the server: report it.',
      'npi-once':
        'Two practices have the same identifier, so apps may take them for one. Give each its own NPI and website.',
      'names-once': 'Two practices have the same name, so patients can’t tell them apart. Rename one.',
      'live-practice':
        'No practice with real patients is published: there is none, all have turned their API off, or details are missing.',
      'brand-name': 'A practice has no name. Give it one on its practice page.',
      'placeholder-name':
        'The name stands where the real one should be. Rename the practice on its practice page, or turn its API off if it is not used.',
      'placeholder-name-local':
        'The name stands where the real one should be. On a server that apps reach over https, nothing would be published until it is changed.',
      'brand-website': 'The website is no web address. Enter it anew on the practice page.',
      'absent-reasons':
        'A reason for missing data is not one of the two that are allowed. This is a fault of the server: report it.',
      category: 'The kind of practice is not one that apps know. Choose another below.',
      identifiers: 'An identifier has no system or no value. This is a fault of the server: report it.',
      npi: 'The NPI is wrong: its last digit does not fit the others. Look it up at npiregistry.cms.hhs.gov.',
      'portal-endpoints':
        'The patients’ portal names an address that the brand does not. This is a fault of the server: report it.',
      'brand-endpoint': 'A practice has no address for apps. This is a fault of the server: report it.',
      'part-of': 'The practice shares the portal of one that has none of its own. Choose another below.',
      logo: 'The logo can’t be fetched over https. Set PUBLIC_URL to the https address of this server.',
      'website-missing':
        'The practice has not said where its website is. Apps show it, so that patients recognize the practice: enter it on the practice page.',
      'logo-missing': 'The practice has no logo. Apps show it on its card: add one on the practice page.',
      'location-missing':
        'The practice has no address, so it is left out of the list. Enter its address on its practice page.',
      'location-form': 'The address is not in a form that programs can read. Let its last line be “City, ST 12345”.',
      'facility-identifier':
        'The practice has no NPI, so it is left out of the list. Enter its NPI below or on its practice page.',
      'endpoint-address': 'An address for apps is no web address, or ends with a slash. Set PUBLIC_URL right.',
      'endpoint-version':
        'An address for apps does not say which version of FHIR it has. This is a fault of the server: report it.',
      'endpoint-status': 'An address for apps is not active. This is a fault of the server: report it.',
      'endpoint-connection':
        'An address for apps does not say that it is FHIR over the web. This is a fault of the server: report it.',
      'endpoint-contact': 'There is no web address for developers. Set PUBLIC_URL right.',
      'endpoint-payload': 'An address for apps says wrongly what it sends. This is a fault of the server: report it.',
      https: 'An address begins with http, so what is sent can be read on the way. Set PUBLIC_URL to an https address.',
      'https-local':
        'Addresses begin with http, as this server is for trying things out. On a real one they must be https.',
    },
  },
  status: {
    title: terms.status,
    overall: {
      working: 'Everything works',
      partly: 'Some parts don’t work right now',
      failing: 'The service does not work right now',
      unknown: 'It is not known how the service is right now',
    },
    components: terms.serviceParts,
    states: { working: 'Works', failing: 'Does not work', unknown: 'Not known' },
    checkedAt: (when: string) => `Last looked at on ${when}. The server looks every five minutes.`,
    diskIsLow: 'The server is running out of disk space. Its operator needs to free some.',
    parts: 'Parts of the service',
    days: 'The last 90 days, each a bar: the first is the oldest, the last is today.',
    legend: { good: 'worked', some: 'failed at times', bad: 'failed for long', none: 'nobody looked' },
    uptime: (share: string) => `worked ${share} of the time`,
    neverLooked: 'Nobody has looked yet.',
    label: (component: string, good: string, bad: string) => `${component}, the last 90 days: ${good}. ${bad}`,
    noBadDays: 'No day with failures.',
    badDays: (days: string) => `Days with failures: ${days}.`,
    responseTimes: (half: string, most: string) =>
      `Answers within ${half} ms half of the time, within ${most} ms 95 times of 100.`,
    now: 'Now',
    planned: 'Planned maintenance',
    past: 'The last 90 days',
    nothingPast: 'No incidents and no maintenance.',
    kinds: terms.serviceEvents,
    from: (when: string) => `From ${when}`,
    until: (when: string) => `until ${when}`,
    affects: 'Affects',
    ended: terms.serviceEventStates.over,
    ongoing: terms.serviceEventStates.open,
    databaseUnavailable:
      'The server can’t reach its database, so apps can’t read and nobody can sign in. What was, can’t be shown meanwhile. Try again in a few minutes.',
    json: 'The same for programs',
    utc: 'Days begin and end at midnight UTC.',
  },
};
