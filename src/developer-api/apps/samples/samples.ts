import type { CodeSamplesResponse } from '../../../portal-api/index.ts';
import { kotlinSample, swiftSample } from './mobile.ts';
import { runnableSamples } from './runnable.ts';
import type { SampleSettings } from './sample-settings.ts';
import { curlSample, javascriptSample, pythonSample } from './snippets.ts';
import { shellQuote } from './string-literals.ts';

/** Returns code samples for languages and tools, with the settings of an app filled in. */
export function toSamplesResponse(environment: SampleSettings): CodeSamplesResponse {
  const blocks: CodeSamplesResponse['blocks'] = [
    { format: 'env', title: '.env', text: envSample(environment) },
    { format: 'json', title: 'JSON', text: `${JSON.stringify(toConfiguration(environment), undefined, 2)}\n` },
    { format: 'curl', title: 'curl', text: curlSample(environment) },
  ];
  if (environment.backend) return { blocks };
  const run = runnableSamples(environment);
  return {
    blocks: [
      ...blocks,
      ...(run === undefined ? [] : runnableBlocks(run)),
      { format: 'javascript', title: 'JavaScript', text: javascriptSample(environment) },
      { format: 'python', title: 'Python', text: pythonSample(environment) },
      { format: 'swift', title: 'Swift', text: swiftSample(environment) },
      { format: 'kotlin', title: 'Kotlin', text: kotlinSample(environment) },
    ],
  };
}

const runnableBlocks = ({
  node,
  python,
}: NonNullable<ReturnType<typeof runnableSamples>>): CodeSamplesResponse['blocks'] => [
  { format: 'run-node', title: 'Terminal: Node', text: node },
  { format: 'run-python', title: 'Terminal: Python', text: python },
];

function toConfiguration({
  clientId,
  secret,
  redirectUri,
  scope,
  issuer,
  authorize,
  token,
  r4,
  dstu2,
  backend,
}: SampleSettings) {
  return {
    client_id: clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(backend ? {} : { redirect_uri: redirectUri }),
    scope,
    issuer,
    ...(backend ? {} : { authorization_endpoint: authorize }),
    token_endpoint: token,
    ...(r4 === undefined ? {} : { fhir_r4: r4 }),
    ...(dstu2 === undefined ? {} : { fhir_dstu2: dstu2 }),
  };
}

const envSample = (environment: SampleSettings): string =>
  Object.entries(toConfiguration(environment))
    .map(([name, value]) => `${name.toUpperCase()}=${shellQuote(value)}\n`)
    .join('');
