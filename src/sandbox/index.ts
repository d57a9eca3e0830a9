export { ensureMadeUpAccounts } from './accounts.ts';
export { createSandbox } from './create-sandbox.ts';
export { ensureExplorerClient } from './explorer-client.ts';
export { ensureDemoApp, ensureStaffApp, fillSandbox, findStaleSandbox, lacksOnlyLargeRecords } from './fill-sandbox.ts';
export { generatePopulation } from './generator/index.ts';
export { createMadeUpSpaces } from './made-up/create-made-up-spaces.ts';
export { EXAMPLE_FEED_CLIENT_ID } from './published-credentials.ts';
export { testAccounts } from './test-accounts.ts';
