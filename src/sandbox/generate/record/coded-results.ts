import type { Chart, Visit } from '../chart.ts';
import { type CodedKey, codedResult } from '../codes/coded-results.ts';
import { conceptOf } from '../codes/coding.ts';
import { laboratory } from './laboratory.ts';
import { recordFinding } from './observation.ts';
import { recordSpecimen } from './report.ts';

const HEMOLYZED = conceptOf('snomed', '118128002', 'Specimen hemolyzed (finding)', 'Hemolyzed');

export function recordCoded(chart: Chart, visit: Visit, key: CodedKey): void {
  const { code, found, category, here } = codedResult(key);
  if (category !== undefined) {
    const profile = 'us-core-observation-clinical-result';
    recordFinding(chart, visit, key, { profile, category, code, minute: 14, found });
    return;
  }
  const specimen = key === 'potassiumLost' ? { specimen: recordSpecimen(chart, visit, HEMOLYZED) } : {};
  const finding = laboratory(chart, visit, code, { ...specimen, ...found });
  const performer = here === true ? chart.directory.practitioner(visit.plan.by) : finding.performer;
  recordFinding(chart, visit, key, { ...finding, performer });
}
