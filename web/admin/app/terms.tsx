import { Anchor } from '@mantine/core';
import type { AppDraft } from '../../../src/portal-api/contract/apps.ts';
import type { AppReviewResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import classes from './app.module.css';
import { Section } from './section.tsx';
import { useFieldLines } from './use-field-lines.ts';

const FIELDS = [
  'name',
  'description',
  'kind',
  'redirectUris',
  'launchUri',
  'apis',
  'scope',
  'auth',
  'jwksUri',
  'jwks',
  'policyUri',
  'termsUri',
  'website',
  'initiateLoginUri',
  'category',
] as const satisfies readonly (keyof AppDraft)[];

/** Shows the terms of the version in review. If no version is in review, shows the current terms of the app. */
export function Terms({ review }: { readonly review: AppReviewResponse }) {
  const messages = useAdminMessages();
  const { terms } = messages.review.app;
  const linesOf = useFieldLines(review.questions);
  const { open } = review.app;
  const displayed = open?.terms ?? review.app.terms;
  return (
    <Section title={open === null ? terms.title : terms.changed}>
      <dl className={classes['terms']}>
        {FIELDS.map((field) => [field, linesOf(field, displayed[field])] as const)
          .filter(([, lines]) => lines.length > 0)
          .map(([field, lines]) => (
            <div key={field}>
              <dt>
                {messages.apps.settings.fields[field as keyof typeof messages.apps.settings.fields] ??
                  messages.review.filters.kind}
              </dt>
              {lines.map((line) => (
                <dd key={line}>{LINK_FIELDS.includes(field) ? <ExternalLink address={line} /> : line}</dd>
              ))}
            </div>
          ))}
      </dl>
    </Section>
  );
}

const LINK_FIELDS: readonly string[] = ['policyUri', 'termsUri', 'website', 'initiateLoginUri'];

/** Shows an address that a developer entered. It becomes a link only if it is http or https. */
function ExternalLink({ address }: { readonly address: string }) {
  return /^https?:\/\//i.test(address) ? (
    <Anchor href={address} target="_blank" rel="noopener noreferrer nofollow" size="sm">
      {address}
    </Anchor>
  ) : (
    address
  );
}

/** Shows the developer's answers about data use, which patients read too. */
export function DataUse({ review }: { readonly review: AppReviewResponse }) {
  const { dataUse } = useAdminMessages().review.app;
  const given = (review.app.open?.terms ?? review.app.terms).dataUse;
  const answers = review.questions.map(({ question, text, answers }) => ({
    question,
    text,
    answer: answers.find((one) => one.answer === given[question])?.text ?? dataUse.unanswered,
  }));
  const silent = Object.keys(given).length === 0;
  return (
    <Section title={dataUse.title} lead={silent ? dataUse.none : dataUse.lead}>
      {silent ? null : (
        <dl className={classes['terms']}>
          {answers.map(({ question, text, answer }) => (
            <div key={question}>
              <dt>{text}</dt>
              <dd>{answer}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}
