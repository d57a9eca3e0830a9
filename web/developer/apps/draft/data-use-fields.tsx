import { Badge, Group, Radio, Stack, Text } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft } from './draft-form.ts';

/** Form fields for the questions about data use. A question without an answer is shown as such to patients. */
export function DataUseFields() {
  const { dataUse } = useMessages().apps;
  const { draft, catalogue } = useDraft();
  const answered = catalogue.dataUse.filter(({ question }) => draft.dataUse[question] !== undefined).length;
  return (
    <>
      <Group gap="sm">
        <Badge
          variant="light"
          color={answered === catalogue.dataUse.length ? 'success' : 'gray'}
          tt="none"
          aria-live="polite"
        >
          {dataUse.count(answered, catalogue.dataUse.length)}
        </Badge>
        <Text size="sm" c="dimmed" flex="1 1 240px">
          {dataUse.unansweredHint}
        </Text>
      </Group>
      <Stack gap="lg">
        {catalogue.dataUse.map((one) => (
          <DataUseQuestion key={one.question} {...one} />
        ))}
      </Stack>
    </>
  );
}

function DataUseQuestion({ question, text, answers }: ReturnType<typeof useDraft>['catalogue']['dataUse'][number]) {
  const { dataUse } = useMessages().apps;
  const { draft, change, touch, disabled, errorAt } = useDraft();
  const fieldError = errorAt(`dataUse.${question}`);
  const given = draft.dataUse[question];
  const response = (chosen: string) => {
    const { [question]: _before, ...others } = draft.dataUse;
    change({ dataUse: chosen === '' ? others : { ...others, [question]: chosen } });
    touch(`dataUse.${question}`);
  };
  return (
    <Radio.Group label={text} error={fieldError} value={given ?? ''} onChange={response}>
      <Group gap="lg" mt={8}>
        {answers.map((one) => (
          <Radio key={one.answer} value={one.answer} label={one.text} disabled={disabled} />
        ))}
        <Radio value="" label={dataUse.unanswered} disabled={disabled} />
      </Group>
    </Radio.Group>
  );
}
