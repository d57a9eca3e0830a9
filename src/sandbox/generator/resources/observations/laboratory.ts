import { codeableConcept, coding, quantity, roundTo, type SandboxConcept } from '../../../codes/coding.ts';
import { type Analyte, type AnalyteKey, analyte, type PanelKey, panel } from '../../../codes/laboratory.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addMinutes, yearsBetween } from '../../../scenarios/calendar.ts';
import { referenceSex } from '../../../scenarios/persona.ts';
import type { LabPlan } from '../../../scenarios/scenario.ts';
import { valueAt } from '../../../scenarios/trend.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { addNote } from '../clinical/document.ts';
import { deriveResults } from './derived-results.ts';
import { addLaboratoryReport, addSpecimen } from './laboratory-report.ts';
import { addObservation } from './observation.ts';

/**
 * Returns the panels to draw at a visit: those ordered for it, and those that are due. At video visits and dialysis
 * sessions, only ordered panels are drawn.
 */
export function duePanels(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  last: Map<PanelKey, number>,
): readonly PanelKey[] {
  const { kind, labs = [], onlyVitals } = visit.plan;
  const due =
    kind === 'video' || (kind === 'dialysis' && onlyVitals !== undefined)
      ? []
      : chart.scenario.labs.filter((plan) => isDue(plan, visit, last));
  const panels = [...new Set([...labs, ...due.map((plan) => plan.panel)])];
  for (const key of panels) last.set(key, visit.ago);
  return panels.includes('comprehensive') ? panels.filter((key) => key !== 'basic') : panels;
}

/** Whether a panel is due at a visit. It may be drawn a few days early, because visits are moved to weekdays. */
const isDue = (plan: LabPlan, visit: ScheduledVisit, last: Map<PanelKey, number>): boolean =>
  plan.from >= visit.ago - 0.02 &&
  (plan.until === undefined || plan.until < visit.ago) &&
  (last.get(plan.panel) ?? Number.POSITIVE_INFINITY) - visit.ago >= plan.every - 0.04;

export function addPanels(chart: RecordBuilder, visit: ScheduledVisit, panels: readonly PanelKey[]): void {
  if (panels.length === 0) return;
  const values = drawSample(chart, visit, panels);
  const specimen = addSpecimen(chart, visit);
  for (const key of panels) {
    const { loinc, display, plain, members } = panel(key);
    const references = members.flatMap((member) => {
      const value = values.get(member);
      return value === undefined ? [] : [addResult(chart, visit, member, { value, specimen })];
    });
    if (loinc === undefined || display === undefined) continue;
    const code = codeableConcept('loinc', loinc, display, plain);
    addObservation(
      chart,
      visit,
      `panel ${key}`,
      laboratoryFinding(chart, visit, code, { specimen, hasMember: references }),
    );
    // The report doesn't refer to the Observation of the panel, because this Observation has no value and would be an
    // empty line in a list of results.
    addLaboratoryReport(chart, visit, key, { code, specimen, result: references });
  }
  if (visit.plan.kind === 'checkup' && visit.ago < 1) addReportNote(chart, visit, values);
}

/** Adds the laboratory's report of the latest checkup as a note, with one line for each result. */
function addReportNote(chart: RecordBuilder, visit: ScheduledVisit, values: ReadonlyMap<AnalyteKey, number>): void {
  const lines = [...values].map(([key, value]) => `${analyte(key).plain}: ${value} ${analyte(key).unit}`);
  const { start, end } = visit;
  const note = {
    key: `laboratory ${visit.key}`,
    title: 'Laboratory report',
    text: lines.join('\n'),
    by: visit.plan.by,
  };
  addNote(chart, { ...note, type: 'laboratory', start, end }, visit);
}

/**
 * Returns the values of one blood sample. All values of a visit come from one sample, so they are consistent with each
 * other.
 */
function drawSample(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  panels: readonly PanelKey[],
): ReadonlyMap<AnalyteKey, number> {
  const dice = chart.random.fork(`blood ${visit.key}`);
  const members = new Set(panels.flatMap((key) => panel(key).members));
  const measured = new Map<AnalyteKey, number>();
  for (const key of members) measured.set(key, measureAnalyte(chart, key, visit, dice.normal()));
  const age = chart.ageAt(visit.start);
  return deriveResults(measured, { age, sex: referenceSex(chart.scenario.persona) });
}

function measureAnalyte(chart: RecordBuilder, key: AnalyteKey, visit: ScheduledVisit, bell: number): number {
  const { usual, spread, decimals } = analyte(key);
  const normal = usual[referenceSex(chart.scenario.persona)];
  const trend = chart.scenario.trends[key];
  const personalOffset = chart.random.fork(`usual ${key}`).normal() * spread * 0.6;
  const found = visit.plan.results?.[key];
  const middle = found ?? (trend === undefined ? normal + personalOffset : valueAt(trend, visit.ago));
  // Values far above normal also vary more from one blood draw to the next.
  const swing = spread * Math.min(6, Math.max(1, middle / normal)) * (trend === undefined ? 1 : 0.7);
  return roundTo(Math.max(middle * 0.6, middle + bell * swing), decimals);
}

function addResult(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  key: AnalyteKey,
  { value, specimen }: { readonly value: number; readonly specimen: SandboxReference },
): SandboxReference {
  const tested = analyte(key);
  const range = tested.range?.[referenceSex(chart.scenario.persona)];
  chart.results.set(key, { value, at: visit.start });
  return addObservation(
    chart,
    visit,
    `lab ${key}`,
    laboratoryFinding(chart, visit, codeableConcept('loinc', tested.loinc, tested.display, tested.plain), {
      specimen,
      valueQuantity: quantity(value, tested.ucum, tested.unit),
      ...(range === undefined
        ? {}
        : { interpretation: [interpret(value, range)], referenceRange: [rangeText(tested, range)] }),
    }),
  );
}

type AnalyteRange = readonly [number | undefined, number | undefined];

export function interpret(value: number, [low, high]: AnalyteRange) {
  const [code, display] =
    low !== undefined && value < low
      ? ['L', 'Low']
      : high !== undefined && value > high
        ? ['H', 'High']
        : ['N', 'Normal'];
  return { coding: [coding('interpretation', code as string, display as string)], text: display };
}

function rangeText(tested: Analyte, [low, high]: AnalyteRange) {
  const text = low === undefined ? `up to ${high}` : high === undefined ? `${low} or more` : `${low} to ${high}`;
  return {
    ...(low === undefined ? {} : { low: quantity(low, tested.ucum, tested.unit) }),
    ...(high === undefined ? {} : { high: quantity(high, tested.ucum, tested.unit) }),
    text: `${text} ${tested.unit}`,
  };
}

export const laboratoryFinding = (
  chart: RecordBuilder,
  visit: ScheduledVisit,
  code: SandboxConcept,
  elements: Readonly<Record<string, unknown>>,
) => {
  const next = addMinutes(visit.start, 15 * 60);
  const issued = yearsBetween(next, chart.scenario.epoch) < 0 ? visit.end : next;
  return {
    profile: 'us-core-observation-lab',
    category: 'laboratory' as const,
    code,
    minute: 12,
    issued,
    performer: chart.directory.organization('laboratory'),
    elements,
  };
};
