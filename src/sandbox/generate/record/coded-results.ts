import type { Chart, Visit } from '../chart.ts';
import { type CodedKey, codedResult } from '../codes/coded-results.ts';
import { laboratory } from './laboratory.ts';
import { recordFinding } from './observation.ts';

export function recordCoded(chart: Chart, visit: Visit, key: CodedKey): void {
  const { code, found, category } = codedResult(key);
  const finding =
    category === undefined
      ? laboratory(chart, visit, code, found)
      : { profile: 'us-core-observation-clinical-result', category, code, minute: 14, found };
  recordFinding(chart, visit, key, finding);
}
