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

/** The panels due at a visit: those ordered for it, and those whose time has come. Blood is drawn where there is a nurse. */
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

/** A little early is on time: visits fall on weekdays and not to the day. */
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
    // the panel has no value: in a list of results it would be an empty line
    recordLaboratoryReport(chart, visit, key, { code, specimen, result: references });
  }
  if (visit.plan.kind === 'checkup' && visit.ago < 1) recordReportNote(chart, visit, values);
}

/** The report of the latest check-up, as the laboratory printed it. */
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

/** One blood sample: all values of a visit are of the same blood, and agree with each other. */
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
  // what is far above normal also swings more
  const swing = spread * Math.min(6, Math.max(1, middle / normal)) * (trend === undefined ? 1 : 0.7);
  return rounded(Math.max(middle * 0.6, middle + bell * swing), decimals);
}

function recordResult(
  chart: Chart,
  visit: Visit,
  key: AnalyteKey,
  { value, specimen }: { readonly value: number; readonly specimen: Reference },
): Reference {
  const about = analyte(key);
  const range = about.range?.[referenceSex(chart.life.persona)];
  chart.results.set(key, { value, at: visit.start });
  return recordFinding(
    chart,
    visit,
    `lab ${key}`,
    laboratory(chart, visit, conceptOf('loinc', about.loinc, about.display, about.plain), {
      specimen,
      valueQuantity: quantity(value, about.ucum, about.unit),
      ...(range === undefined
        ? {}
        : { interpretation: [interpret(value, range)], referenceRange: [rangeText(about, range)] }),
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

function rangeText(about: Analyte, [low, high]: Range) {
  const text = low === undefined ? `up to ${high}` : high === undefined ? `${low} or more` : `${low} to ${high}`;
  return {
    ...(low === undefined ? {} : { low: quantity(low, about.ucum, about.unit) }),
    ...(high === undefined ? {} : { high: quantity(high, about.ucum, about.unit) }),
    text: `${text} ${about.unit}`,
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
