export * from './config.ts';
export type { PasswordCost } from './password-cost.ts';
export type { Retirement } from './retirement.ts';
export type { SensitiveLabel } from './sensitive-labels.ts';
export { SETTINGS } from './settings.ts';
export { type SettingInForce, settingsInForce } from './settings-in-force.ts';
export * from './trusted-host.ts';
