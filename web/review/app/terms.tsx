import { Anchor } from '@mantine/core';
import type { AppDraft } from '../../../src/portal/contract/apps.ts';
import type { ReviewAnswer } from '../../../src/portal/contract/review.ts';
import { useWords } from '../../words/index.ts';
import classes from './app.module.css';
import { useLines } from './lines.ts';
import { Section } from './section.tsx';

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
] as const satisfies readonly (keyof AppDraft)[];

/** Terms of the version in review, or the registered terms if there is none. */
export function Terms({ review }: { readonly review: ReviewAnswer }) {
  const messages = useWords();
  const { terms } = messages.review.app;
  const linesOf = useLines(review.questions);
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
                <dd key={line}>{PAGES.includes(field) ? <Elsewhere address={line} /> : line}</dd>
              ))}
            </div>
          ))}
      </dl>
    </Section>
  );
}

const PAGES: readonly string[] = ['policyUri', 'termsUri', 'website'];

/** Links an address entered by a developer only if it is http or https. */
function Elsewhere({ address }: { readonly address: string }) {
  return /^https?:\/\//i.test(address) ? (
    <Anchor href={address} target="_blank" rel="noopener noreferrer nofollow" size="sm">
      {address}
    </Anchor>
  ) : (
    address
  );
}

/** Answers about data use, which patients read too. */
export function DataUse({ review }: { readonly review: ReviewAnswer }) {
  const { dataUse } = useWords().review.app;
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
