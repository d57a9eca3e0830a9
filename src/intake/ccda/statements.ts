import { derivedUuid } from '../../kernel/index.ts';
import { type SectionKind, sectionKind, sectionsOf } from './sections.ts';
import { attributeAt, type CdaNode, hasTemplate, isNegated, nodesAt } from './tree.ts';

/** Elements of an entry that say something about the patient (CDA R2 clinicalStatement). */
export type StatementTag = 'act' | 'encounter' | 'observation' | 'organizer' | 'procedure' | 'substanceAdministration';

/** One statement of the document that becomes a resource. */
export interface Statement {
  readonly kind: SectionKind;
  readonly tag: StatementTag;
  readonly node: CdaNode;
  /** Temporary id of the resource. It connects the output of the conversion library with the statement. */
  readonly mark: string;
  /** Statements inside this one that become resources of their own. */
  readonly parts: readonly Statement[];
}

const ENTRY = '2.16.840.1.113883.10.20.22.4.';
const TAGS: readonly StatementTag[] = [
  'act',
  'encounter',
  'observation',
  'organizer',
  'procedure',
  'substanceAdministration',
];

/** Selects the statements of a document that can be converted without saying something that isn't true. */
export function selectStatements(document: CdaNode): readonly Statement[] {
  let count = 0;
  const marked = (kind: SectionKind, tag: StatementTag, node: CdaNode, parts: readonly Statement[] = []): Statement => {
    count += 1;
    const mark = derivedUuid('c-cda statement', String(count));
    return { kind, tag, node: { ...node, id: [{ '@_root': mark }, ...nodesAt(node, 'id')] }, mark, parts };
  };
  return sectionsOf(document).flatMap((section) => {
    const kind = sectionKind(section);
    if (kind === undefined) return [];
    return nodesAt(section, 'entry').flatMap((entry) =>
      TAGS.flatMap((tag) =>
        nodesAt(entry, tag)
          .filter((node) => isKnown(tag, node))
          .flatMap((node) => selectFrom(kind, tag, node, marked)),
      ),
    );
  });
}

type Marked = (kind: SectionKind, tag: StatementTag, node: CdaNode, parts?: readonly Statement[]) => Statement;

function selectFrom(kind: SectionKind, tag: StatementTag, node: CdaNode, marked: Marked): readonly Statement[] {
  const happened = isEvent(node);
  switch (kind) {
    case 'allergies':
    case 'problems':
    case 'concerns':
    case 'diagnoses':
      return tag === 'act' ? splitConcern(node).map((one) => marked(kind, tag, one)) : [];
    case 'dischargeMedications': {
      // A Discharge Medication act contains the medication.
      const inside = tag === 'act' ? nodesAt(node, 'entryRelationship.substanceAdministration') : [];
      const medications = tag === 'substanceAdministration' ? [node] : inside;
      return medications.map((one) => marked(kind, 'substanceAdministration', one));
    }
    case 'medications':
      return tag === 'substanceAdministration' ? [marked(kind, tag, node)] : [];
    case 'immunizations':
      return tag === 'substanceAdministration' && happened ? [marked(kind, tag, node)] : [];
    case 'procedures':
    case 'equipment':
      return selectProcedure(kind, tag, node, marked);
    case 'encounters':
      return tag === 'encounter' ? [selectEncounter(kind, node, marked)] : [];
    case 'plan':
      return selectPlanned(tag, node, marked);
    case 'goals':
      return tag === 'observation' && isGoal(node) ? [marked(kind, tag, node)] : [];
    case 'careTeams':
      return tag === 'organizer' && happened ? [marked(kind, tag, node)] : [];
    default:
      return happened ? selectObservations(kind, tag, node, marked) : [];
  }
}

/** Whether a statement is about a fact or an event. Others are plans, orders and goals (CDA R2 moodCode). */
const isEvent = (node: CdaNode): boolean => (attributeAt(node, 'moodCode') ?? 'EVN') === 'EVN';

const isGoal = (node: CdaNode): boolean => attributeAt(node, 'moodCode') === 'GOL';

/** Codes of any procedure, drug or substance. */
const ANY_CODES = ['71388002', '410942007', '105590001'];

/**
 * Whether a statement says something about the patient. One with a nullFlavor says that it is unknown. A negated one
 * without a certain procedure or drug says that there is none, such as no medicines. Without an entry, pages say that
 * nothing is on record.
 */
function isKnown(tag: StatementTag, node: CdaNode): boolean {
  if (attributeAt(node, 'nullFlavor') !== undefined) return false;
  const path = tag === 'substanceAdministration' ? 'consumable.manufacturedProduct.manufacturedMaterial.code' : 'code';
  const code = attributeAt(node, `${path}.code`);
  if (!isNegated(node)) return true;
  // A concern that is negated as a whole says that there is no concern.
  return code !== undefined && !ANY_CODES.includes(code) && !(tag === 'act' && hasTemplate(node, ...CONCERNS));
}

/** Allergy, Problem and Health Concern acts. */
const CONCERNS = ['30', '3', '132'].map((one) => ENTRY + one);

/** A concern can have several problems or allergies. Each becomes a resource (C-CDA on FHIR). */
function splitConcern(act: CdaNode): readonly CdaNode[] {
  const about = nodesAt(act, 'entryRelationship').filter(
    (one) => attributeAt(one, 'typeCode') === 'SUBJ' && attributeAt(one, 'inversionInd') !== 'true',
  );
  return about.flatMap((relation) =>
    nodesAt(relation, 'observation')
      .filter((observation) => attributeAt(observation, 'nullFlavor') === undefined)
      .map((observation) => ({
        ...act,
        entryRelationship: [{ '@_typeCode': 'SUBJ', observation: [observation] }],
      })),
  );
}

function selectProcedure(kind: SectionKind, tag: StatementTag, node: CdaNode, marked: Marked): readonly Statement[] {
  if (!['procedure', 'act', 'observation'].includes(tag) || (kind === 'equipment' && tag !== 'procedure')) return [];
  // A device without a procedure can have a procedure without a code in C-CDA.
  if (kind === 'equipment' && attributeAt(node, 'code.code') === undefined) return [];
  // A procedure whose result is the point is an observation in C-CDA 2.1. Without a result, it is only a procedure.
  const isResult = tag === 'observation' && attributeAt(node, 'value.code') !== undefined;
  if (isResult) return isEvent(node) ? selectObservations(kind, tag, node, marked) : [];
  return [marked(isEvent(node) ? kind : 'plan', 'procedure', node)];
}

/** Encounter Diagnosis acts become Conditions. The reason for the visit isn't a diagnosis. */
function selectEncounter(kind: SectionKind, node: CdaNode, marked: Marked): Statement {
  const diagnoses = nodesAt(node, 'entryRelationship.act')
    .filter((act) => attributeAt(act, 'code.code') === '29308-4' || hasTemplate(act, `${ENTRY}80`))
    .flatMap(splitConcern)
    .map((act) => marked('diagnoses', 'act', act));
  return marked(kind, 'encounter', node, diagnoses);
}

/** Planned act, nutrition recommendation, patient referral, and instruction. Other acts of a plan are notes about it. */
const PLANNED_ACTS = ['39', '130', '140', '20'].map((one) => ENTRY + one);

function selectPlanned(tag: StatementTag, node: CdaNode, marked: Marked): readonly Statement[] {
  if (isEvent(node)) return [];
  if (tag === 'observation' && isGoal(node)) return [marked('goals', tag, node)];
  if (tag === 'encounter') return [marked('encounters', tag, node)];
  if (tag === 'organizer' || (tag === 'act' && !hasTemplate(node, ...PLANNED_ACTS))) return [];
  return [marked('plan', tag, node)];
}

/** Selects observations. A negated one (negationInd) is left out, because FHIR has no form for it. */
function selectObservations(kind: SectionKind, tag: StatementTag, node: CdaNode, marked: Marked): readonly Statement[] {
  if (isNegated(node) || (tag !== 'organizer' && tag !== 'observation')) return [];
  const relations = nodesAt(node, 'entryRelationship').filter((one) =>
    ['COMP', 'SPRT'].includes(attributeAt(one, 'typeCode') ?? ''),
  );
  const related = relations.flatMap((one) => nodesAt(one, 'observation'));
  // An observation without a status only qualifies its parent: the unit of a value, or a security label.
  const inside = [...(tag === 'organizer' ? nodesAt(node, 'component.observation') : related)].filter(
    (one) => attributeAt(one, 'statusCode.code') !== undefined && isKnown('observation', one),
  );
  const parts = inside.filter(isEvent).flatMap((one) => selectObservations(kind, 'observation', one, marked));
  // An organizer without a code only groups its observations.
  if (tag === 'organizer' && attributeAt(node, 'code.code') === undefined) return parts;
  return [marked(kind, tag, node, parts)];
}
