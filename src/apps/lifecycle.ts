import type { AppState } from '../domain/index.ts';

/** States that an app may enter from each state. `retired` is final. */
export const TRANSITIONS: Readonly<Record<AppState, readonly AppState[]>> = {
  provisional: ['active', 'rejected', 'retired'],
  rejected: ['provisional', 'retired'],
  active: ['suspended', 'retired'],
  suspended: ['active', 'retired'],
  retired: [],
};

export const APP_STATES = Object.keys(TRANSITIONS) as readonly AppState[];

export const canTransition = (from: AppState, to: AppState): boolean => TRANSITIONS[from].includes(to);
