export type { AccountDeps } from './deps.ts';
export { accountRoutes } from './routes.ts';
