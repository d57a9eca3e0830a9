import type { Resource } from '../../fhir/index.ts';
import { derivedUuid } from '../../kernel/index.ts';
import { momentOf, type YearsAgo, yearsBetween } from './calendar.ts';
import type { AnalyteKey } from './codes/laboratory.ts';
import { type Dice, throwDice } from './dice.ts';
import type { Directory, Reference } from './directory/directory.ts';
import type { Life, VisitPlan } from './life.ts';
import { displayName } from './persona.ts';

/** A visit of the scenario with its computed times. */
export interface Visit {
  readonly key: string;
  readonly plan: VisitPlan;
  readonly start: Date;
  readonly end: Date;
  readonly ago: YearsAgo;
  readonly encounter: Reference;
}

/** The resources of one person's record while they are generated. */
export interface Chart {
  readonly life: Life;
  readonly directory: Directory;
  readonly dice: Dice;
  readonly subject: Reference;
  readonly resources: Resource[];
  /** Latest laboratory values, used by the visit notes. */
  readonly results: Map<AnalyteKey, { readonly value: number; readonly at: Date }>;
  /**
   * References to the resources that each visit created, by visit key, for Provenance. The key '' holds resources that
   * belong to no visit.
   */
  readonly made: Map<string, Reference[]>;
  pointer(type: string, key: string): Reference;
  /**
   * Adds a resource. Its id is derived from type and key, so a key may be used only once for each type; a second use
   * throws.
   */
  add(type: string, key: string, body: Readonly<Record<string, unknown>>, visit?: Visit): Reference;
  moment(ago: YearsAgo): Date;
  age(date: Date): number;
}

export function openChart(seed: string, life: Life, directory: Directory): Chart {
  const { persona, epoch } = life;
  const id = (type: string, key: string) => derivedUuid('patient-access sandbox', seed, persona.key, type, key);
  const pointer = (type: string, key: string): Reference => ({ reference: `${type}/${id(type, key)}` });
  const resources: Resource[] = [];
  const made = new Map<string, Reference[]>();
  const written = new Set<string>();
  const born = momentOf(epoch, persona.age);
  return {
    life,
    directory,
    resources,
    made,
    dice: throwDice(seed, persona.key),
    results: new Map(),
    subject: { ...pointer('Patient', 'self'), display: displayName(persona) },
    pointer,
    moment: (ago) => momentOf(epoch, ago),
    age: (date) => yearsBetween(born, date),
    add(type, key, body, visit) {
      const reference = pointer(type, key);
      if (written.has(reference.reference)) throw new Error(`${persona.key} has two resources ${type} "${key}"`);
      written.add(reference.reference);
      resources.push({ resourceType: type, id: id(type, key), ...body });
      const references = made.get(visit?.key ?? '') ?? [];
      references.push(reference);
      made.set(visit?.key ?? '', references);
      return reference;
    },
  };
}
