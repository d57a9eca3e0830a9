import type { Resource } from '../../fhir/index.ts';
import { derivedUuid } from '../../kernel/index.ts';
import { momentOf, type YearsAgo, yearsBetween } from './calendar.ts';
import type { AnalyteKey } from './codes/laboratory.ts';
import { type Dice, throwDice } from './dice.ts';
import type { Directory, Reference } from './directory/directory.ts';
import type { Life, VisitPlan } from './life.ts';
import { displayName } from './persona.ts';

/** A visit as it took place. */
export interface Visit {
  readonly key: string;
  readonly plan: VisitPlan;
  readonly start: Date;
  readonly end: Date;
  readonly ago: YearsAgo;
  readonly encounter: Reference;
}

/** One person's record while it is being written. */
export interface Chart {
  readonly life: Life;
  readonly directory: Directory;
  readonly dice: Dice;
  readonly subject: Reference;
  readonly resources: Resource[];
  /** Last laboratory values, for the notes. */
  readonly results: Map<AnalyteKey, { readonly value: number; readonly at: Date }>;
  /** References of what each visit left behind, for Provenance; '' for what belongs to none. */
  readonly made: Map<string, Reference[]>;
  pointer(type: string, key: string): Reference;
  /** Writes a resource. Its id is made of type and key, so a key is used once per type. */
  add(type: string, key: string, body: Readonly<Record<string, unknown>>, visit?: Visit): Reference;
  moment(ago: YearsAgo): Date;
  age(at: Date): number;
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
    age: (at) => yearsBetween(born, at),
    add(type, key, body, visit) {
      const reference = pointer(type, key);
      if (written.has(reference.reference)) throw new Error(`${persona.key} has two resources ${type} "${key}"`);
      written.add(reference.reference);
      resources.push({ resourceType: type, id: id(type, key), ...body });
      const shelf = made.get(visit?.key ?? '') ?? [];
      shelf.push(reference);
      made.set(visit?.key ?? '', shelf);
      return reference;
    },
  };
}
