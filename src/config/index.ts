export * from './config.ts';
export type { DeprecationDates } from './deprecation.ts';
export { type EffectiveSetting, effectiveSettings } from './effective-settings.ts';
export type { PasswordCost } from './password-cost.ts';
export type { SensitiveLabelSetting } from './sensitive-labels.ts';
export { SETTINGS } from './settings.ts';
export * from './trusted-host.ts';
