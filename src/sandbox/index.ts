export { demoAssets } from './demo/assets.ts';
export { demoRoutes } from './demo/routes.ts';
export { ensureExplorerClient } from './explorer-client.ts';
export { ensureDemoApp, fillSandbox, findStaleSandbox, lacksOnlyLargeRecords } from './fill-sandbox.ts';
export { generatePopulation } from './generator/index.ts';
export { EXPLORER_CLIENT_ID, EXPLORER_SCOPE, SANDBOX_PASSWORD } from './published-credentials.ts';
export { testAccounts } from './test-accounts.ts';
