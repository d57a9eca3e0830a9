import { bundleEndpoints, EXTENSIONS, SYSTEMS } from './bundle-types.ts';
import { type BrandRule, findInvalid, isWebAddress } from './check.ts';

/** Versions of FHIR that an endpoint may have (FHIR R4, ValueSet FHIR-version). */
const VERSIONS = ['0.5.0', '1.0.2', '3.0.1', '3.0.2', '4.0.0', '4.0.1', '4.3.0', '5.0.0'];

/** Rules for Endpoint resources, from the profile user-access-endpoint. */
export const ENDPOINT_RULES: readonly BrandRule[] = [
  {
    name: 'endpoint-address',
    severity: 'fault',
    clause: 'user-access-endpoint, Endpoint.address',
    find: (bundle) =>
      findInvalid(bundleEndpoints(bundle), ({ address }) =>
        isWebAddress(address) && !/[?#]|\/$/.test(address ?? '') ? undefined : (address ?? ''),
      ),
  },
  {
    name: 'endpoint-version',
    severity: 'fault',
    clause: 'user-access-endpoint, extension endpoint-fhir-version 1..*',
    find: (bundle) =>
      findInvalid(bundleEndpoints(bundle), ({ extension = [] }) => {
        const codes = extension.filter(({ url }) => url === EXTENSIONS.version).map(({ valueCode = '' }) => valueCode);
        return codes.length === 0 ? '' : codes.find((code) => !VERSIONS.includes(code));
      }),
  },
  {
    name: 'endpoint-status',
    severity: 'fault',
    clause: 'FHIR R4, Endpoint.status 1..1; user-access-endpoint: only active ones are published',
    find: (bundle) =>
      findInvalid(bundleEndpoints(bundle), ({ status = '' }) => (status === 'active' ? undefined : status)),
  },
  {
    name: 'endpoint-connection',
    severity: 'fault',
    clause: 'user-access-endpoint, Endpoint.connectionType: hl7-fhir-rest',
    find: (bundle) =>
      findInvalid(bundleEndpoints(bundle), ({ connectionType: { system, code } = { system: '', code: '' } }) =>
        system === SYSTEMS.connection && code === 'hl7-fhir-rest' ? undefined : code,
      ),
  },
  {
    name: 'endpoint-contact',
    severity: 'fault',
    clause: 'user-access-endpoint, Endpoint.contact: a url for developers 1..*',
    find: (bundle) =>
      findInvalid(bundleEndpoints(bundle), ({ contact = [] }) => {
        const urls = contact.filter(({ system }) => system === 'url');
        return urls.length === 0 ? '' : urls.map(({ value = '' }) => value).find((value) => !isWebAddress(value));
      }),
  },
  {
    name: 'endpoint-payload',
    severity: 'fault',
    clause: 'user-access-endpoint, Endpoint.payloadType: none, 1..1',
    find: (bundle) =>
      findInvalid(bundleEndpoints(bundle), ({ payloadType = [] }) => {
        const codes = payloadType.flatMap(({ coding }) => coding.map(({ code }) => code));
        return payloadType.length === 1 && codes.join() === 'none' ? undefined : codes.join(', ');
      }),
  },
];
