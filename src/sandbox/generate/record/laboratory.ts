import { addMinutes, yearsBetween } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Concept, coding, conceptOf, quantity, rounded } from '../codes/coding.ts';
import { type Analyte, type AnalyteKey, analyte, type PanelKey, panel } from '../codes/laboratory.ts';
import type { Reference } from '../directory/directory.ts';
import type { LabPlan } from '../life.ts';
import { referenceSex } from '../persona.ts';
import { along } from '../trend.ts';
import { derive } from './derived-results.ts';
import { recordNote } from './document.ts';
import { recordFinding } from './observation.ts';
import { recordLaboratoryReport, recordSpecimen } from './report.ts';

/** The panels for a visit: those ordered for it and those that are due. No blood is drawn at video visits. */
export function duePanels(chart: Chart, visit: Visit, last: Map<PanelKey, number>): readonly PanelKey[] {
  const { kind, labs = [], only } = visit.plan;
  const due =
    kind === 'video' || (kind === 'dialysis' && only !== undefined)
      ? []
      : chart.life.labs.filter((plan) => isDue(plan, visit, last));
  const panels = [...new Set([...labs, ...due.map((plan) => plan.panel)])];
  for (const key of panels) last.set(key, visit.ago);
  return panels.includes('comprehensive') ? panels.filter((key) => key !== 'basic') : panels;
}

/** Allows a panel a few days early, because visits are moved to weekdays. */
const isDue = (plan: LabPlan, visit: Visit, last: Map<PanelKey, number>): boolean =>
  plan.from >= visit.ago - 0.02 &&
  (plan.until === undefined || plan.until < visit.ago) &&
  (last.get(plan.panel) ?? Number.POSITIVE_INFINITY) - visit.ago >= plan.every - 0.04;

export function recordPanels(chart: Chart, visit: Visit, panels: readonly PanelKey[]): void {
  if (panels.length === 0) return;
  const values = draw(chart, visit, panels);
  const specimen = recordSpecimen(chart, visit);
  for (const key of panels) {
    const { loinc, display, plain, members } = panel(key);
    const references = members.flatMap((member) => {
      const value = values.get(member);
      return value === undefined ? [] : [recordResult(chart, visit, member, { value, specimen })];
    });
    if (loinc === undefined || display === undefined) continue;
    const code = conceptOf('loinc', loinc, display, plain);
    recordFinding(chart, visit, `panel ${key}`, laboratory(chart, visit, code, { specimen, hasMember: references }));
    // The panel itself gets no value: it would show as an empty line in a list of results.
    recordLaboratoryReport(chart, visit, key, { code, specimen, result: references });
  }
  if (visit.plan.kind === 'checkup' && visit.ago < 1) recordReportNote(chart, visit, values);
}

/** The report of the latest checkup as printed by the laboratory. */
function recordReportNote(chart: Chart, visit: Visit, values: ReadonlyMap<AnalyteKey, number>): void {
  const lines = [...values].map(([key, value]) => `${analyte(key).plain}: ${value} ${analyte(key).unit}`);
  const { start, end } = visit;
  const note = {
    key: `laboratory ${visit.key}`,
    title: 'Laboratory report',
    text: lines.join('\n'),
    by: visit.plan.by,
  };
  recordNote(chart, { ...note, type: 'laboratory', start, end }, visit);
}

/** Values of one blood sample. All values of a visit come from the same sample and are consistent with each other. */
function draw(chart: Chart, visit: Visit, panels: readonly PanelKey[]): ReadonlyMap<AnalyteKey, number> {
  const dice = chart.dice.fork(`blood ${visit.key}`);
  const members = new Set(panels.flatMap((key) => panel(key).members));
  const measured = new Map<AnalyteKey, number>();
  for (const key of members) measured.set(key, measure(chart, key, visit, dice.bell()));
  const age = chart.age(visit.start);
  return derive(measured, { age, sex: referenceSex(chart.life.persona) });
}

function measure(chart: Chart, key: AnalyteKey, visit: Visit, bell: number): number {
  const { usual, spread, decimals } = analyte(key);
  const normal = usual[referenceSex(chart.life.persona)];
  const trend = chart.life.trends[key];
  const own = chart.dice.fork(`usual ${key}`).bell() * spread * 0.6;
  const found = visit.plan.results?.[key];
  const middle = found ?? (trend === undefined ? normal + own : along(trend, visit.ago));
  // Values far above normal also vary more.
  const swing = spread * Math.min(6, Math.max(1, middle / normal)) * (trend === undefined ? 1 : 0.7);
  return rounded(Math.max(middle * 0.6, middle + bell * swing), decimals);
}

function recordResult(
  chart: Chart,
  visit: Visit,
  key: AnalyteKey,
  { value, specimen }: { readonly value: number; readonly specimen: Reference },
): Reference {
  const tested = analyte(key);
  const range = tested.range?.[referenceSex(chart.life.persona)];
  chart.results.set(key, { value, at: visit.start });
  return recordFinding(
    chart,
    visit,
    `lab ${key}`,
    laboratory(chart, visit, conceptOf('loinc', tested.loinc, tested.display, tested.plain), {
      specimen,
      valueQuantity: quantity(value, tested.ucum, tested.unit),
      ...(range === undefined
        ? {}
        : { interpretation: [interpret(value, range)], referenceRange: [rangeText(tested, range)] }),
    }),
  );
}

type Range = readonly [number | undefined, number | undefined];

export function interpret(value: number, [low, high]: Range) {
  const [code, display] =
    low !== undefined && value < low
      ? ['L', 'Low']
      : high !== undefined && value > high
        ? ['H', 'High']
        : ['N', 'Normal'];
  return { coding: [coding('interpretation', code as string, display as string)], text: display };
}

function rangeText(tested: Analyte, [low, high]: Range) {
  const text = low === undefined ? `up to ${high}` : high === undefined ? `${low} or more` : `${low} to ${high}`;
  return {
    ...(low === undefined ? {} : { low: quantity(low, tested.ucum, tested.unit) }),
    ...(high === undefined ? {} : { high: quantity(high, tested.ucum, tested.unit) }),
    text: `${text} ${tested.unit}`,
  };
}

export const laboratory = (chart: Chart, visit: Visit, code: Concept, found: Readonly<Record<string, unknown>>) => {
  const next = addMinutes(visit.start, 15 * 60);
  const issued = yearsBetween(next, chart.life.epoch) < 0 ? visit.end : next;
  return {
    profile: 'us-core-observation-lab',
    category: 'laboratory' as const,
    code,
    minute: 12,
    issued,
    performer: chart.directory.organization('laboratory'),
    found,
  };
};
