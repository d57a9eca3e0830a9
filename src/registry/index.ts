export {
  type App,
  type Credentials,
  changeAppState,
  findApp,
  listApps,
  moveApp,
  type NewApp,
  registerApp,
} from './app.ts';
export type { AppState } from './lifecycle.ts';
