import type { Chart, Visit } from '../chart.ts';
import { type StatementKey, statement } from '../codes/statements.ts';
import { recordFinding } from './observation.ts';

export function recordStatement(chart: Chart, visit: Visit, key: StatementKey): void {
  const { own: byPatient, ...finding } = statement(key);
  recordFinding(chart, visit, key, {
    ...finding,
    minute: 9,
    ...(byPatient === true ? { performer: chart.subject } : {}),
  });
}
