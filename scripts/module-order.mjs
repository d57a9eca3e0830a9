// The order of the modules, top first. A module imports only modules of the lines above its own, type imports included,
// and enters another module of src through its index.ts. The modules of one line don't import each other.

export const ORDER = [
  ['kernel'],
  ['domain'],
  ['design'],
  ['config'],
  ['database'],
  ['encryption'],
  ['backup'],
  ['serving'],
  ['jobs'],
  ['i18n'],
  ['access'],
  ['audit', 'practices', 'rate-limit'],
  ['mail', 'identity', 'apps', 'oauth', 'fhir', 'validation'],
  ['approvals'],
  ['intake'],
  ['web-pages'],
  ['enrollment'],
  ['practice-transfer'],
  ['erasure'],
  ['patient-portal', 'practice-portal', 'portal-api'],
  ['sign-up'],
  ['brands'],
  ['public-site'],
  ['developer-api'],
  ['admin-api'],
  ['sandbox'],
  ['after-restore'],
  ['http'],
  ['metrics', 'tracing'],
  ['encrypted-tables.ts'],
  ['installation.ts'],
  ['app.ts'],
  ['server.ts'],
  ['serve.ts'],
  ['main.ts'],
  ['cli'],
];

/** The order of the folders and files inside a module. What isn't listed has no order. */
export const INSIDE = {
  fhir: [
    ['http'],
    ['model'],
    ['search'],
    ['authorization'],
    ['openapi', 'groups'],
    ['store'],
    ['ports.ts'],
    ['r4', 'dstu2'],
    ['projections.ts'],
    ['export'],
    ['routes'],
    ['index.ts'],
  ],
  oauth: [
    ['addresses.ts', 'ports.ts', 'parameters.ts', 'text-difference.ts'],
    ['lifetimes.ts'],
    ['keys'],
    ['clients'],
    ['scopes'],
    ['token'],
    ['consent'],
    ['launch'],
    ['authorize'],
    ['par', 'register'],
    ['metadata.ts'],
    ['index.ts'],
  ],
};

/**
 * The files of the catalog that the pages in web/ import. Together with all they import, they stay inside i18n and
 * need nothing else, so that no code of the server gets into the pages.
 */
export const WEB_CATALOG = [
  'src/i18n/language.ts',
  'src/i18n/en/portal-shell.ts',
  'src/i18n/en/admin-web.ts',
  'src/i18n/en/web.ts',
  'src/i18n/es/admin-web.ts',
  'src/i18n/es/web.ts',
];

/** The design tokens, which the pages in web/ share with the server-rendered pages. */
export const WEB_DESIGN = ['src/design/index.ts'];

/**
 * Until the command line knows which command runs, it loads only these files and those in src/cli/definitions, and the
 * modules below.
 */
export const COMMAND_TABLE = [
  'arguments',
  'command',
  'commands',
  'definition',
  'exit-codes',
  'help',
  'main',
  'printable',
  'relationships',
  'run-command',
  'suggestion',
  'text-layout',
  'unknown-command',
].map((name) => `src/cli/${name}.ts`);

/** Modules that load fast enough for the start of every command. */
export const COMMAND_MODULES = ['kernel', 'config', 'domain'];
