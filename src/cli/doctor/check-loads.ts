import type { Executor } from '../../database/index.ts';
import { listUnfinished, START_AGAIN } from '../data/unfinished-loads.ts';
import { type DoctorFinding, warningFinding } from './finding.ts';

export const checkLoads = async (db: Executor, now: Date): Promise<readonly DoctorFinding[]> =>
  (await listUnfinished(db, now)).map(({ message }) => warningFinding('loads', message, START_AGAIN));
