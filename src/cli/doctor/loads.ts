import type { Executor } from '../../database/index.ts';
import { listUnfinished, START_AGAIN } from '../load-unfinished.ts';
import { type Finding, look } from './checkup.ts';

export const checkLoads = async (db: Executor, now: Date): Promise<readonly Finding[]> =>
  (await listUnfinished(db, now)).map(({ says }) => look('loads', says, START_AGAIN));
