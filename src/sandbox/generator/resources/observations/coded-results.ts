import { type CodedKey, codedResult } from '../../../codes/coded-results.ts';
import { codeableConcept } from '../../../codes/coding.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { laboratoryFinding } from './laboratory.ts';
import { addSpecimen } from './laboratory-report.ts';
import { addObservation } from './observation.ts';

const HEMOLYZED = codeableConcept('snomed', '118128002', 'Specimen hemolyzed (finding)', 'Hemolyzed');

export function addCodedResult(chart: RecordBuilder, visit: ScheduledVisit, key: CodedKey): void {
  const { code, elements, category, atPractice } = codedResult(key);
  if (category !== undefined) {
    const profile = 'us-core-observation-clinical-result';
    addObservation(chart, visit, key, { profile, category, code, minute: 14, elements });
    return;
  }
  const specimen = key === 'potassiumLost' ? { specimen: addSpecimen(chart, visit, HEMOLYZED) } : {};
  const finding = laboratoryFinding(chart, visit, code, { ...specimen, ...elements });
  const performer = atPractice === true ? chart.directory.practitioner(visit.plan.by) : finding.performer;
  addObservation(chart, visit, key, { ...finding, performer });
}
