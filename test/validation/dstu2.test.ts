import { beforeAll, describe, expect, it } from 'vitest';
import {
  convertDstu2Definition,
  type Dstu2StructureDefinition,
} from '../../src/validation/definitions/convert-dstu2-definition.ts';
import { createDstu2Validator, type Validator } from '../../src/validation/index.ts';
import {
  argonautDefinitions,
  createChecker,
  dstu2Definitions,
  examplesIn,
  type Published,
} from '../fhir/dstu2/definitions/validator.ts';
import { withData } from '../support/fhir/published-data.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';
import { type Definition, makeMutants } from './mutate.ts';

const PATIENT = 'http://fhir.org/guides/argonaut/StructureDefinition/argo-patient';

/**
 * Known errors in the published examples: codings without a system in required bindings, an id of 65 characters, and
 * contained resources that nothing refers to.
 */
const WRONG_AS_PUBLISHED: readonly (readonly [file: RegExp, fault: RegExp])[] = [
  [/^claim-example/, /\.type: The code must be from the value set .*v3-ActInvoiceGroupCode/],
  [/^appointment/, /articipant(\[\d\]\.t|T)ype\[0\]: The code must be from the value set .*encounter-participant-type/],
  [/^observation-genetics/, /SearchParameter\.id: /],
  [/^questionnaireresponse-example\.json$/, /contained\[\d\]: No reference points to this/],
];

describe.runIf(SHARED_DATA)(withData('DSTU2 in our validator'), () => {
  let own: readonly Published[];
  let argonaut: readonly Published[];
  let validator: Validator;
  beforeAll(() => {
    own = dstu2Definitions();
    argonaut = argonautDefinitions();
    validator = createDstu2Validator([...own, ...argonaut]);
  });

  it('accepts the 1,164 examples of DSTU2, except for known errors', () => {
    const problemsOf = createChecker(createDstu2Validator(own));
    const examples = examplesIn('dstu2-spec-examples/json');
    expect(examples).toHaveLength(1164);
    const faults = examples.flatMap(([name, resource]) => problemsOf(resource).map((error) => [name, error] as const));
    const isKnown = ([name, fault]: readonly [string, string]) =>
      /Unknown profile/.test(fault) || WRONG_AS_PUBLISHED.some(([file, known]) => file.test(name) && known.test(fault));
    expect(faults.filter((one) => !isKnown(one))).toEqual([]);
    for (const [file, known] of WRONG_AS_PUBLISHED)
      expect(
        faults.some(([name, fault]) => file.test(name) && known.test(fault)),
        String(known),
      ).toBe(true);
  });

  it('accepts the examples of Argonaut by their declared profiles', () => {
    const examples = examplesIn('argonaut-dstu2/examples');
    expect(examples.length).toBeGreaterThan(40);
    const problemsOf = createChecker(validator);
    expect(examples.flatMap(([name, one]) => problemsOf(one).map((error) => `${name} ${error}`))).toEqual([]);
  });

  it('finds one error at a time in examples of Argonaut, at its position and as its kind', () => {
    const missed: string[] = [];
    let count = 0;
    const examples = examplesIn('argonaut-dstu2/examples').map(([, one]) => one);
    for (const one of argonaut.filter(({ resourceType }) => resourceType === 'StructureDefinition')) {
      const definition = convertDstu2Definition(one as unknown as Dstu2StructureDefinition) as unknown as Definition;
      const { url } = definition;
      const example = examples.find(({ meta }) => (meta as { profile?: readonly string[] })?.profile?.includes(url));
      if (example === undefined) continue;
      for (const { name, resource, code, path } of makeMutants(example, definition)) {
        count += 1;
        const issues = validator.validate(resource).filter(({ severity }) => severity === 'error');
        if (issues.some((issue) => issue.code === code && issue.path.startsWith(path))) continue;
        missed.push(`${url.split('/').at(-1)} ${name}: ${issues.map((issue) => `${issue.path} ${issue.code}`)}`);
      }
    }
    expect(missed).toEqual([]);
    expect(count).toBeGreaterThan(200);
  });

  it('supports slices, references to one of several types, and definitions by nameReference', () => {
    const problemsOf = createChecker(validator);
    const race = 'http://fhir.org/guides/argonaut/StructureDefinition/argo-race';
    const patient = {
      resourceType: 'Patient',
      meta: { profile: [PATIENT] },
      gender: 'female',
      identifier: [{ system: 'urn:a', value: 'v' }],
      name: [{ family: ['A'], given: ['B'] }],
      extension: [{ url: race, extension: [{ url: 'text', valueString: 'x' }] }],
    };
    expect(problemsOf(patient)).toEqual([]);
    expect(
      problemsOf({ ...patient, extension: [{ url: race, extension: [{ url: 'text', valueCode: 'x' }] }] }),
    ).toEqual([expect.stringMatching(/extension\[0\]\.value: This must be of type string/)]);
    const twice = { ...patient, extension: [...patient.extension, ...patient.extension] };
    expect(problemsOf(twice).join('\n')).toMatch(/extension:[\w-]+: At most 1 allowed here; 2 found/);
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
    expect(problemsOf(observation)).toEqual([]);
    expect(problemsOf({ ...observation, subject: { reference: 'Medication/1' } })).toEqual([
      expect.stringMatching(/^Observation\.subject: .* can only refer to Patient, Group, Device, Location/),
    ]);
    const group = { question: [{ answer: [{ valueInteger: 'seven', group: [{ nobodyKnows: 1 }] }] }] };
    expect(problemsOf({ resourceType: 'QuestionnaireResponse', status: 'completed', group })).toEqual([
      expect.stringMatching(/answer\[0\]\.value: This must be a whole number/),
      expect.stringMatching(/nobodyKnows/),
    ]);
  });
});
