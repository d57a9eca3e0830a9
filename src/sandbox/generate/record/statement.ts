import type { Chart, Visit } from '../chart.ts';
import { type StatementKey, statement } from '../codes/statements.ts';
import { recordFinding } from './observation.ts';

export function recordStatement(chart: Chart, visit: Visit, key: StatementKey): void {
  const { own, ...said } = statement(key);
  recordFinding(chart, visit, key, { ...said, minute: 9, ...(own === true ? { performer: chart.subject } : {}) });
}
