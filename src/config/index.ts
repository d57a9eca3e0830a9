export * from './config.ts';
export { type DatabaseSettings, splitDatabaseUrl } from './database-settings.ts';
export { type EffectiveSetting, effectiveSettings } from './effective-settings.ts';
export { hasDemoApp } from './has-demo-app.ts';
export type { PasswordCost } from './password-cost.ts';
export { SETTINGS } from './settings.ts';
export type { TracingSettings } from './tracing-settings.ts';
export * from './trusted-host.ts';
export * from './uses-https.ts';
