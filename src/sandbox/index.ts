export { createSandbox } from './create-sandbox.ts';
export { ensureExplorerClient } from './explorer-client.ts';
export { ensureDemoApp, ensureStaffApp, fillSandbox, findStaleSandbox, lacksOnlyLargeRecords } from './fill-sandbox.ts';
export { generatePopulation } from './generator/index.ts';
export { testAccounts } from './test-accounts.ts';
