import type { Chart } from '../chart.ts';
import { coding } from '../codes/coding.ts';
import type { ConditionKey } from '../codes/conditions.ts';
import type { Sensitivity } from '../life.ts';

const WORDS: Record<Sensitivity, string> = {
  PSY: 'psychiatry disorder information sensitivity',
  ETH: 'substance abuse information sensitivity',
};

/**
 * Security labels of a resource that reveals a condition: kind of sensitivity and restricted confidentiality (HL7 Data
 * Segmentation for Privacy).
 */
export function labelsOf(chart: Chart, key: ConditionKey | undefined): object {
  const sensitive = chart.life.problems.find((problem) => problem.key === key)?.sensitive;
  if (sensitive === undefined) return {};
  return {
    security: [coding('actCode', sensitive, WORDS[sensitive]), coding('confidentiality', 'R', 'restricted')],
  };
}
