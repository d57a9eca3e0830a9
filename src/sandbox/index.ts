export { demoAssets } from './demo/assets.ts';
export { demoRoutes } from './demo/routes.ts';
export { ensureSandbox } from './ensure.ts';
