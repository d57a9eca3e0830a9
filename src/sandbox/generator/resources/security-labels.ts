import { coding } from '../../codes/coding.ts';
import type { ConditionKey } from '../../codes/conditions.ts';
import type { Sensitivity } from '../../scenarios/scenario.ts';
import type { RecordBuilder } from '../record-builder.ts';

const DISPLAYS: Record<Sensitivity, string> = {
  PSY: 'psychiatry disorder information sensitivity',
  ETH: 'substance abuse information sensitivity',
};

/**
 * Security labels of a resource that reveals a condition: kind of sensitivity and restricted confidentiality (HL7 Data
 * Segmentation for Privacy).
 */
export function securityLabels(chart: RecordBuilder, key: ConditionKey | undefined): object {
  const sensitive = chart.scenario.problems.find((problem) => problem.key === key)?.sensitive;
  if (sensitive === undefined) return {};
  return {
    security: [coding('actCode', sensitive, DISPLAYS[sensitive]), coding('confidentiality', 'R', 'restricted')],
  };
}
