import { NativeSelect, TextInput } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';
import { type ExplorerParameter, exampleValue } from './open-api.ts';

/** Field of one search parameter, with its description from the OpenAPI document. */
export function ParameterField({
  parameter,
  value,
  change,
}: {
  readonly parameter: ExplorerParameter;
  readonly value: string;
  readonly change: (value: string) => void;
}) {
  const { request: messages } = useMessages().explorer;
  const { name, description, schema } = parameter;
  // Descriptions in the OpenAPI documents are always in English, so they are marked as English on a
  // page in another language too.
  const labels = { label: name, description: <span lang="en">{firstSentence(description)}</span> };
  const order: ('label' | 'input' | 'description')[] = ['label', 'input', 'description'];
  if (schema.enum !== undefined) {
    return (
      <NativeSelect
        {...labels}
        inputWrapperOrder={order}
        value={value}
        onChange={(event) => change(event.currentTarget.value)}
        data={[{ value: '', label: messages.none }, ...schema.enum]}
      />
    );
  }
  const example = exampleValue(parameter);
  return (
    <TextInput
      {...labels}
      inputWrapperOrder={order}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      {...(example === undefined ? {} : { placeholder: messages.example(example) })}
      {...(schema.type === 'integer' ? { inputMode: 'numeric' as const } : {})}
      spellCheck={false}
    />
  );
}

const firstSentence = (text: string): string => /^.*?[.;:](?= |$)/.exec(text)?.[0]?.replace(/[;:]$/, '.') ?? text;
