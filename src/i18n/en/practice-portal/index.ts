import { shared } from './shared.ts';

/** Texts of the practice portal, one file per subject. */
export const practicePortal = {
  shared,
};
