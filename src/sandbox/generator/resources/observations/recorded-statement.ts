import { type StatementKey, statement } from '../../../codes/recorded-statements.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { addObservation } from './observation.ts';

export function addStatement(chart: RecordBuilder, visit: ScheduledVisit, key: StatementKey): void {
  const { byPatient, ...finding } = statement(key);
  addObservation(chart, visit, key, {
    ...finding,
    minute: 9,
    ...(byPatient === true ? { performer: chart.subject } : {}),
  });
}
