import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { convert, hidingRule, type Node } from '../fixtures/convert.ts';
import { CARE } from '../fixtures/full-care.ts';
import { variant } from '../fixtures/full-parts.ts';
import { concept, TERMINOLOGY } from '../fixtures/small-resources.ts';

const full = (type: string): Resource => CARE[type]?.[0] as Resource;
const textOf = (resource: Node): string => String((resource['text'] as Node | undefined)?.['div']);

describe('CarePlan', () => {
  const plan = (changes: object, without: readonly string[] = []): Resource =>
    variant(full('CarePlan'), without, { ...changes });

  it.each([
    ['proposal', 'active', 'proposed'],
    ['proposal', 'completed', 'proposed'],
    ['proposal', 'revoked', 'cancelled'],
    ['plan', 'draft', 'draft'],
    ['order', 'on-hold', 'active'],
  ])('with the intent %s and the status %s is %s', (intent, status, expected) => {
    expect(convert(plan({ intent, status }))['status']).toBe(expected);
  });

  it.each([
    ['option', 'intent-option'],
    ['directive', 'intent-not-understood'],
    [undefined, 'intent-not-understood'],
    [['plan'], 'intent-not-understood'],
  ])('with the intent %j is hidden: %s', (intent, rule) => {
    expect(hidingRule(plan({ intent }))).toBe(rule);
  });

  it.each([
    ['entered-in-error', 'entered-in-error'],
    ['unknown', 'status-unknown'],
    ['unheard-of', 'status-not-understood'],
    [undefined, 'status-not-understood'],
  ])('with the status %j is hidden: %s', (status, rule) => {
    expect(hidingRule(plan({ status }))).toBe(rule);
  });

  it('that is on hold says so in addition to its status', () => {
    const made = convert(plan({ status: 'on-hold' }));
    expect(made['note']).toEqual({ text: 'first\n\nsecond\n\nThis plan is on hold.' });
  });

  it('has a narrative: the record’s, or a generated one', () => {
    expect(textOf(convert(plan({})))).toContain('as it was written');
    const made = convert(plan({ title: '<b>A & B</b>' }, ['text']));
    expect(made['text']).toMatchObject({ status: 'generated' });
    expect(textOf(made)).toContain('<p>&lt;b&gt;A &amp; B&lt;/b&gt;</p>');
    expect(textOf(made)).toContain('Not to be done: walk (cancelled)');
  });

  it.each([
    ['entered in error', { status: 'entered-in-error' }],
    ['in an unknown status', { status: 'unheard-of' }],
    ['without a status', { status: undefined }],
    ['with an invalid doNotPerform', { doNotPerform: 'true' }],
    ['with a withheld doNotPerform', { doNotPerform: undefined, _doNotPerform: { id: 'x' } }],
  ])('leaves out an activity %s', (_, changes) => {
    const [activity] = full('CarePlan')['activity'] as readonly Node[];
    const detail = { ...(activity?.['detail'] as Node), ...changes };
    expect(convert(plan({ activity: [{ detail }] }))).not.toHaveProperty('activity');
  });

  it('has for each activity whether it is prohibited', () => {
    const activity = [{ detail: { status: 'scheduled' } }, { detail: { status: 'scheduled', doNotPerform: true } }];
    expect(convert(plan({ activity }))['activity']).toEqual([
      { detail: { status: 'scheduled', prohibited: false } },
      { detail: { status: 'scheduled', prohibited: true } },
    ]);
  });

  it('has the time of an activity as text if DSTU2 has no element for it', () => {
    const scheduledTiming = { repeat: { frequency: 1, period: 1, periodUnit: 'wk', dayOfWeek: ['mon'] } };
    const made = convert(plan({ activity: [{ detail: { status: 'scheduled', scheduledTiming } }] }));
    expect(made['activity']).toMatchObject([{ detail: { scheduledString: 'once a week on Monday' } }]);
  });

  it('was modified at its last change', () => {
    expect(convert(plan({ meta: { lastUpdated: '2024-01-01T00:00:00Z' } }))['modified']).toBe('2024-01-01T00:00:00Z');
  });

  it('declares the profile only with an Argonaut category and a narrative', () => {
    const meta = { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-careplan'] };
    const claimed = (made: Node) => (made['meta'] as Node | undefined)?.['profile'];
    expect(claimed(convert(plan({ meta })))).toEqual([
      'http://fhir.org/guides/argonaut/StructureDefinition/argo-careplan',
    ]);
    expect(claimed(convert(plan({ meta }, ['category'])))).toBeUndefined();
    expect(claimed(convert(plan({ meta, text: { status: 'empty', div: '<div/>' } })))).toBeUndefined();
  });
});

describe('CareTeam', () => {
  const team = (changes: object): Resource => variant(full('CareTeam'), [], { ...changes });

  it('is a CarePlan with the category careteam, and an id of its own', () => {
    expect(convert(team({}))).toMatchObject({
      resourceType: 'CarePlan',
      id: 'careteam-team',
      category: [{ coding: [{ system: 'http://argonaut.hl7.org', code: 'careteam' }] }],
    });
  });

  it('is referred to by that id', () => {
    const provenance = {
      resourceType: 'Provenance',
      target: [{ reference: 'CareTeam/t' }],
      recorded: '2020-01-01T00:00:00Z',
    };
    expect(convert(provenance)['target']).toEqual([{ reference: 'CarePlan/careteam-t' }]);
  });

  it('names former members with their end date, and leaves out members that DSTU2 doesn’t allow', () => {
    const participant = [
      { role: [{ text: 'Nurse' }], member: { display: 'N' }, period: { end: '2020' } },
      { member: { reference: 'Practitioner/d' } },
      { role: [{ text: 'Team' }], member: { reference: 'CareTeam/x' } },
      { role: [{ text: 'Nobody' }] },
    ];
    expect(convert(team({ participant, managingOrganization: undefined }))['participant']).toEqual([
      { member: { display: 'N' }, role: { text: 'Nurse (until 2020)' } },
      { member: { reference: 'Practitioner/d' }, role: { text: 'Care team member' } },
    ]);
  });

  it.each([
    ['entered-in-error', 'entered-in-error'],
    [undefined, 'status-not-understood'],
  ])('that is %s is hidden', (status, rule) => {
    expect(hidingRule(team({ status }))).toBe(rule);
  });
});

describe('Encounter', () => {
  const encounter = (changes: object): Resource => variant(full('Encounter'), [], { ...changes });

  it('has admission and discharge diagnoses in their elements, and the others by rank', () => {
    const of = (id: string, code: string, rank?: number) => ({
      condition: { reference: id },
      use: concept(`${TERMINOLOGY}/diagnosis-role`, code),
      rank,
    });
    const diagnosis = [
      of('Condition/b', 'CC', 2),
      of('Condition/dd', 'DD'),
      of('Condition/a', 'CC', 1),
      of('Condition/ad', 'AD'),
    ];
    const made = convert(
      encounter({ diagnosis, reasonReference: [{ reference: 'Condition/a' }], hospitalization: undefined }),
    );
    expect(made['indication']).toEqual([{ reference: 'Condition/a' }, { reference: 'Condition/b' }]);
    expect(made['hospitalization']).toEqual({
      dischargeDiagnosis: [{ reference: 'Condition/dd' }],
      admittingDiagnosis: [{ reference: 'Condition/ad' }],
    });
  });

  it('of a group is hidden', () => {
    expect(hidingRule(encounter({ subject: { reference: 'Group/g' } }))).toBe('subject-is-group');
  });

  it('leaves out a class that isn’t an act code', () => {
    expect(convert(encounter({ class: { system: 'https://example.org', code: 'AMB' } }))).not.toHaveProperty('class');
  });
});

describe('Goal', () => {
  const ACHIEVEMENT = `${TERMINOLOGY}/goal-achievement`;
  it.each([
    ['active', 'achieved', 'achieved'],
    ['active', 'sustaining', 'sustaining'],
    ['active', 'worsening', 'in-progress'],
    ['completed', 'achieved', 'achieved'],
    ['completed', 'not-achieved', 'cancelled'],
    ['completed', 'not-attainable', 'cancelled'],
    ['completed', undefined, 'achieved'],
    ['planned', 'achieved', 'planned'],
    ['cancelled', 'achieved', 'cancelled'],
  ])('that is %s and %s is %s', (lifecycleStatus, achievement, status) => {
    const achievementStatus = achievement === undefined ? undefined : concept(ACHIEVEMENT, achievement);
    expect(convert(variant(full('Goal'), [], { lifecycleStatus, achievementStatus }))['status']).toBe(status);
  });

  it('without a description is hidden', () => {
    expect(hidingRule(variant(full('Goal'), ['description'], {}))).toBe('required-element-missing');
  });
});

describe('RelatedPerson', () => {
  const person = (changes: object): Resource => variant(full('RelatedPerson'), [], { ...changes });

  it.each([
    [false, 'not-active'],
    ['true', 'active-not-understood'],
  ])('with active %j is hidden: %s', (active, rule) => {
    expect(hidingRule(person({ active }))).toBe(rule);
  });

  it.each([
    [
      { coding: [{ system: `${TERMINOLOGY}/v2-0131`, code: 'C' }] },
      { coding: [{ system: 'http://hl7.org/fhir/patient-contact-relationship', code: 'emergency' }] },
    ],
    [
      { coding: [{ system: `${TERMINOLOGY}/v3-RoleCode`, code: 'MTH' }] },
      { coding: [{ system: 'http://hl7.org/fhir/v3/RoleCode', code: 'MTH' }] },
    ],
    [{ coding: [{ system: `${TERMINOLOGY}/v3-RoleCode`, code: 'GUARD', display: 'guardian' }] }, { text: 'guardian' }],
  ])('%j is mapped to %j: only codes of the required binding', (relationship, expected) => {
    expect(convert(person({ relationship: [relationship] }))['relationship']).toEqual(expected);
  });
});

describe('Device', () => {
  it.each([
    [{ carrierHRF: 'hrf', deviceIdentifier: 'di' }, 'hrf'],
    [{ deviceIdentifier: 'di' }, 'di'],
    [{ carrierAIDC: 'aGk=' }, 'hi'],
    [{ carrierAIDC: 'aGk=', deviceIdentifier: 'di' }, 'di'],
    [{ carrierAIDC: 'AAECgA==' }, undefined],
  ])('with the carrier %j has the udi %s', (carrier, udi) => {
    expect(convert(variant(full('Device'), [], { udiCarrier: [carrier] }))['udi']).toBe(udi);
  });

  it('has no status if it is unknown; with an unrecognized one, it is hidden', () => {
    expect(convert(variant(full('Device'), [], { status: 'unknown' }))).not.toHaveProperty('status');
    expect(hidingRule(variant(full('Device'), [], { status: 'lost' }))).toBe('status-not-understood');
    expect(hidingRule(variant(full('Device'), ['status'], { _status: { id: 'x' } }))).toBe('status-not-understood');
  });
});

describe('Practitioner', () => {
  const role = full('PractitionerRole');
  const roles = (...all: readonly Resource[]) =>
    convert(full('Practitioner'), undefined, { roles: all })['practitionerRole'];

  it('has the active roles, one for each code', () => {
    const [code] = role['code'] as unknown[];
    const [one, two] = [variant(role, [], { code: [code] }), variant(role, [], { code: [code, { text: 'Tutor' }] })];
    expect({ one: roles(one), two: roles(two) }).toEqual({
      one: expect.objectContaining({ length: 1 }),
      two: expect.objectContaining({ length: 2 }),
    });
    expect(roles(one, variant(two, [], { active: false }))).toEqual(roles(one));
    expect(roles(variant(role, [], { modifierExtension: [{ url: 'https://example.org/x' }] }))).toBeUndefined();
  });

  it('has the name in use', () => {
    const name = [{ use: 'old', family: 'A' }, { family: 'B' }, { use: 'official', family: 'C' }];
    expect(convert(variant(full('Practitioner'), [], { name }))['name']).toEqual({ use: 'official', family: ['C'] });
  });

  it('is the target of a reference to a role, if the role’s practitioner is known', () => {
    const performer = [{ reference: 'PractitionerRole/r', display: 'Dr. X' }];
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, performer };
    const placed = new Map([['PractitionerRole/r', 'Practitioner/p']]);
    expect(convert(observation)['performer']).toEqual([{ display: 'Dr. X' }]);
    expect(convert(observation, undefined, { referenceTargets: placed })['performer']).toEqual([
      { reference: 'Practitioner/p', display: 'Dr. X' },
    ]);
  });
});

describe('QuestionnaireResponse', () => {
  it('has groups of groups or of questions, in the record’s order', () => {
    const item = [
      { linkId: '1', text: 'q1', answer: [{ valueString: 'a' }] },
      { linkId: '2', text: 'g', item: [{ linkId: '2.1', text: 'q', answer: [{ valueBoolean: true }] }] },
      { linkId: '3', text: 'q3', answer: [{ valueString: 'b', item: [{ linkId: '3.1', text: 'why' }] }] },
    ];
    expect(convert(variant(full('QuestionnaireResponse'), [], { item }))['group']).toEqual({
      group: [
        { question: [{ linkId: '1', text: 'q1', answer: [{ valueString: 'a' }] }] },
        { linkId: '2', text: 'g', question: [{ linkId: '2.1', text: 'q', answer: [{ valueBoolean: true }] }] },
        {
          question: [
            {
              linkId: '3',
              text: 'q3',
              answer: [{ valueString: 'b', group: [{ question: [{ linkId: '3.1', text: 'why' }] }] }],
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['stopped', 'status-stopped'],
    ['entered-in-error', 'entered-in-error'],
  ])('that is %s is hidden: %s', (status, rule) => {
    expect(hidingRule(variant(full('QuestionnaireResponse'), [], { status }))).toBe(rule);
  });

  it.each(['in-progress', 'completed', 'amended'])('that is %s is %s', (status) => {
    expect(convert(variant(full('QuestionnaireResponse'), [], { status }))['status']).toBe(status);
  });
});
