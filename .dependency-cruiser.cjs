/**
 * The order of the rooms, top first. A room may import the rooms above its line, never those below it or beside it,
 * and enters another room only through that room's index.ts. Type imports count. A test beside its file may use what it
 * needs to be a test, through the entrances.
 */
const ORDER = [
  ['kernel'],
  ['config'],
  ['database'],
  ['words'],
  ['access'],
  ['audit', 'mail', 'practices', 'people', 'registry', 'oauth', 'fhir', 'validation'],
  ['intake'],
  ['pages'],
  ['enrollment'],
  ['account', 'desk', 'portal'],
  ['sandbox'],
  ['http'],
  ['installation.ts'],
  ['compose.ts'],
  ['serve.ts'],
  ['main.ts'],
  ['cli'],
];
const FHIR_ORDER = [['core'], ['store'], ['r4', 'dstu2']];

/** What the command line loads before it knows which command runs. */
const TABLE = 'run-command|commands|command|arguments|printable|relationships';

const literal = (text) => text.replaceAll('.', '\\.');
/** The pattern of a room, which is a folder or one file. */
const pattern = (base, room) => `^${base}/${literal(room)}${room.endsWith('.ts') ? '$' : '/'}`;

/** For each room: what it may not import, that is its own line and all lines below, without itself. */
function inOrder(base, order) {
  return order
    .flatMap((line, index) =>
      line.map((room) => {
        const forbidden = order
          .slice(index)
          .flat()
          .filter((other) => other !== room);
        return {
          name: `order-of-${base.replace('/', '-')}-${room}`,
          comment: `${base}/${room} may import only what stands above it in the order of rooms`,
          severity: 'error',
          from: { path: pattern(base, room), pathNot: '\\.test\\.ts$' },
          to: { path: forbidden.map((other) => pattern(base, other)) },
        };
      }),
    )
    .filter((rule) => rule.to.path.length > 0);
}

const rooms = ORDER.flat().map((room) => pattern('src', room));

module.exports = {
  forbidden: [
    ...inOrder('src', ORDER),
    ...inOrder('src/fhir', FHIR_ORDER),
    {
      name: 'entrance',
      comment: 'a room is entered only through its index.ts',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'entrance-from-above',
      comment: 'a room is entered only through its index.ts',
      severity: 'error',
      from: { path: '^src/[^/]+$' },
      to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index\\.ts$' },
    },
    {
      name: 'unlisted-room',
      comment: 'every folder and file directly in src has its place in the order of rooms',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: rooms },
    },
    {
      name: 'unlisted-room-imports',
      comment: 'every folder and file directly in src has its place in the order of rooms',
      severity: 'error',
      from: { path: '^src/', pathNot: rooms },
      to: {},
    },
    {
      name: 'no-cycle',
      comment: 'files do not import each other in a circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'commands-start-fast',
      comment: 'until it is known which command runs, only the table of commands is loaded',
      severity: 'error',
      from: { path: `^src/cli/(main|${TABLE})\\.ts$` },
      to: { path: '^src/', pathNot: ['^src/(kernel|config)/', `^src/cli/(${TABLE})\\.ts$`], dynamic: false },
    },
    {
      name: 'product-without-tests',
      comment: 'the product imports nothing of its tests, benchmarks and scripts',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^(test|bench|scripts)/', '\\.test\\.ts$'] },
    },
    {
      name: 'resolvable',
      comment: 'what is imported exists',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // sees `import type` too
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // our cycles, not those inside packages
    exclude: '^node_modules',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'default', 'types'],
    },
  },
};
