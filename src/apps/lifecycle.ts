/** State of an app. Only `provisional` and `active` apps may do anything. */
export type AppState = 'provisional' | 'active' | 'rejected' | 'suspended' | 'retired';

/** Allowed transitions. `retired` is final. */
export const TRANSITIONS: Readonly<Record<AppState, readonly AppState[]>> = {
  provisional: ['active', 'rejected', 'retired'],
  rejected: ['provisional', 'retired'],
  active: ['suspended', 'retired'],
  suspended: ['active', 'retired'],
  retired: [],
};

export const APP_STATES = Object.keys(TRANSITIONS) as readonly AppState[];

export const canTransition = (from: AppState, to: AppState): boolean => TRANSITIONS[from].includes(to);
