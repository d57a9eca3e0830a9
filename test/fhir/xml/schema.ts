import { readFileSync } from 'node:fs';
import path from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';

const FILES = { r4: 'r4-xsd/fhir-single.xsd', dstu2: 'dstu2-definitions/schema/fhir-single.xsd' };

/** Validators are reused, because parsing a schema takes longer than most validations. */
const validators = new Map<keyof typeof FILES, XsdValidator>();

function createValidator(version: keyof typeof FILES): XsdValidator {
  xmlRegisterFsInputProviders();
  const file = path.join(SHARED_DATA ?? '', FILES[version]);
  using source = XmlDocument.fromBuffer(readFileSync(file), { url: file });
  return XsdValidator.fromDoc(source);
}

/** Validates XML against the official schema of a version. @returns the errors */
export function schemaValidator(version: keyof typeof FILES): (xml: string) => readonly string[] {
  const validator = validators.get(version) ?? createValidator(version);
  validators.set(version, validator);
  return (xml) => {
    using document = XmlDocument.fromString(xml);
    try {
      validator.validate(document);
      return [];
    } catch (error) {
      return String(Object(error).message).split('\n').filter(Boolean);
    }
  };
}
