export { demoAssets } from './demo/assets.ts';
export { demoRoutes } from './demo/routes.ts';
export { ensureDemoApp, fillSandbox, staleSandbox } from './fill.ts';
