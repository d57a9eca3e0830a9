// The order of the modules, top first. A module imports only modules of the lines above its own, type imports included,
// and enters another module of src through its index.ts. The modules of one line don't import each other.

export const ORDER = [
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

/** The order of the folders and files inside a module. What isn't listed has no order. */
export const INSIDE = {
  fhir: [['core'], ['store'], ['r4', 'dstu2']],
};

/** Until the command line knows which command runs, it loads only these files, kernel and config. */
export const COMMAND_TABLE = ['run-command', 'commands', 'command', 'arguments', 'printable', 'relationships'].map(
  (name) => `src/cli/${name}.ts`,
);
