export { demoAssets } from './demo/assets.ts';
export { demoRoutes } from './demo/routes.ts';
export { ensureExplorer } from './explorer.ts';
export { testAccounts } from './explorer-accounts.ts';
export { ensureDemoApp, fillSandbox, lacksLargeAlone, staleSandbox } from './fill.ts';
export { population } from './generate/index.ts';
export { EXPLORER_CLIENT_ID, EXPLORER_SCOPE, SANDBOX_PASSWORD } from './published.ts';
