import { elementsAt, isEnteredInError } from '../../../fhir/index.ts';
import type { ResourceReader } from '../resource-reader.ts';

/** Names of the panels of observations, by the id of the observation. */
export type PanelNames = ReadonlyMap<string, string>;

/**
 * Finds the panel that each observation belongs to: an Observation with members, or else a DiagnosticReport with
 * several results. A panel that was entered in error groups nothing.
 * @param observations Observations, newest first
 * @param reports parts of DiagnosticReports, as `listReportPanels` returns them
 */
export function findPanels(
  observations: readonly unknown[],
  reports: readonly unknown[],
  reader: Pick<ResourceReader, 'concepts'>,
): PanelNames {
  const panels = [
    ...observations.map((one) => [one, 'hasMember'] as const),
    ...reports.map((one) => [one, 'result'] as const),
  ];
  const names = new Map<string, string>();
  for (const [panel, path] of panels) {
    const members = isEnteredInError(panel) ? [] : observationIds(panel, path);
    const name = members.length < 2 ? undefined : reader.concepts(panel, 'code');
    if (name === undefined) continue;
    for (const id of members) if (!names.has(id)) names.set(id, name);
  }
  return names;
}

const observationIds = (panel: unknown, path: string): readonly string[] =>
  elementsAt(panel, `${path}.reference`).flatMap((reference) =>
    typeof reference === 'string' && reference.startsWith('Observation/')
      ? [reference.slice('Observation/'.length)]
      : [],
  );
