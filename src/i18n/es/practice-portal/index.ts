import type { Messages } from '../../en/index.ts';
import { shared } from './shared.ts';

export const practicePortal: Messages['practicePortal'] = {
  shared,
};
