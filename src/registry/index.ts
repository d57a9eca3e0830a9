export { type App, type AppAuth, type AppKind, type AppTerms, findApp, listApps } from './app.ts';
export { type LogRow, listLog, openAppLog, sweepAppLog } from './app-log.ts';
export type { AppState } from './lifecycle.ts';
export { type Credentials, moveApp, type NewApp, registerApp, setApp } from './register.ts';
export { openRegistrar } from './registrar.ts';
export { addSecret, endSecret, listSecrets, type Secret } from './secrets.ts';
export { changeAppState } from './state.ts';
