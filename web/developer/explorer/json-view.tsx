import { Anchor, Box, Code, UnstyledButton } from '@mantine/core';
import { createContext, use, useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { objectLabel } from './object-label.ts';
import { linkPath } from './send-request.ts';

/** Options that all parts of the JSON view share: the base URL for links, and how many levels are expanded. */
interface JsonViewOptions {
  readonly base: string;
  readonly follow?: ((path: string) => void) | undefined;
  /** Number of JSON levels that are expanded at first. The entries of a Bundle can be expanded one by one. */
  readonly depth: number;
}
const ViewContext = createContext<JsonViewOptions>({ base: '', depth: 2 });

/**
 * Shows JSON with objects that can be collapsed and links that can be followed.
 * @param depth number of levels that are expanded at first
 */
export function JsonView({ value, base, follow, depth }: JsonViewOptions & { readonly value: unknown }) {
  return (
    <ViewContext value={{ base, follow, depth }}>
      <Box
        component="div"
        ff="monospace"
        fz="xs"
        lh={1.6}
        // A long line scrolls inside the box, so that it doesn't widen the page.
        style={{ overflowX: 'auto', overflowWrap: 'anywhere' }}
      >
        <JsonValue name={undefined} value={value} depth={0} last />
      </Box>
    </ViewContext>
  );
}

interface JsonNodeProps {
  readonly name: string | undefined;
  readonly value: unknown;
  readonly depth: number;
  readonly last: boolean;
  /** Whether the object is expanded at first, whatever its level. True for the first entry of a Bundle. */
  readonly opened?: boolean;
}

function JsonValue({ name, value, depth, last, opened = false }: JsonNodeProps) {
  if (value !== null && typeof value === 'object')
    return <JsonObject name={name} value={value} depth={depth} last={last} opened={opened} />;
  return (
    <div>
      <JsonName name={name} />
      <JsonPrimitive name={name ?? ''} value={value} />
      {last ? '' : ','}
    </div>
  );
}

const JsonName = ({ name }: Pick<JsonNodeProps, 'name'>) =>
  name === undefined ? null : (
    <>
      <Box component="span" c="var(--mantine-primary-color-light-color)">
        {JSON.stringify(name)}
      </Box>
      {': '}
    </>
  );

function JsonPrimitive({ name, value }: { readonly name: string; readonly value: unknown }) {
  const { base, follow } = use(ViewContext);
  const { response: messages } = useMessages().explorer;
  const text = JSON.stringify(value);
  const path = typeof value === 'string' && follow !== undefined ? linkPath(base, name, value) : undefined;
  if (path === undefined || follow === undefined) return <span>{text}</span>;
  return (
    <Anchor
      component="button"
      type="button"
      fz="inherit"
      ff="inherit"
      ta="left"
      underline="always"
      title={messages.follow(path)}
      onClick={() => follow(path)}
      style={{ overflowWrap: 'anywhere' }}
    >
      {text}
    </Anchor>
  );
}

function JsonObject({ name, value, depth, last, opened = false }: JsonNodeProps & { readonly value: object }) {
  const { depth: deep } = use(ViewContext);
  const { response: messages } = useMessages().explorer;
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, setOpen] = useState(depth < deep || (deep > 1 && (opened || isReference(value))));
  const [left, right] = list ? ['[', ']'] : ['{', '}'];
  const label = name ?? objectLabel(value) ?? messages.items(entries.length);
  if (entries.length === 0) {
    return (
      <div>
        <JsonName name={name} />
        {`${left}${right}${last ? '' : ','}`}
      </div>
    );
  }
  return (
    <div>
      <UnstyledButton
        fz="inherit"
        ff="inherit"
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        // A collapsed object is named by its visible text. WCAG 2.2, 2.5.3
        {...(open ? { 'aria-label': messages.collapse(label) } : {})}
      >
        <span aria-hidden>{open ? '▾ ' : '▸ '}</span>
        <JsonName name={name} />
        {left}
        {open ? null : (
          <>
            <Code fz="inherit">{objectLabel(value) ?? messages.items(entries.length)}</Code>
            {`${right}${last ? '' : ','}`}
          </>
        )}
      </UnstyledButton>
      {open ? (
        <>
          <Box pl="md" style={{ borderLeft: '1px solid var(--mantine-color-default-border)', marginLeft: 4 }}>
            {entries.map(([key, child], index) => (
              <JsonValue
                key={key}
                name={list ? undefined : key}
                value={child}
                depth={depth + 1}
                last={index === entries.length - 1}
                opened={(name === 'entry' && index === 0) || (opened && key === 'resource')}
              />
            ))}
          </Box>
          {`${right}${last ? '' : ','}`}
        </>
      ) : null}
    </div>
  );
}

/**
 * Returns whether an object is a FHIR reference. References stay expanded, because they are short and their link should
 * be visible.
 */
const isReference = (value: object): boolean => typeof (value as { reference?: unknown }).reference === 'string';
