/**
 * Describes a command without importing its code. The command line reads arguments and prints help by this description,
 * and docs/reference/commands.md is written from it.
 */
export interface CommandDefinition {
  /** Words of the command as typed, such as `apps add`. */
  readonly name: string;
  /** Former name of the command, which still works with a notice on standard error. */
  readonly formerly?: string;
  /** One short line for lists of commands, without a period. */
  readonly summary: string;
  /** Says what the command does, in one to three lines of a terminal. */
  readonly description: string;
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: Readonly<Record<string, OptionDefinition>>;
  /** Usages after the name, if the arguments and options don't show them: some options exclude each other. */
  readonly usages?: readonly string[];
  /** Lists that explain values, such as the roles of staff. */
  readonly notes?: readonly CommandNote[];
  /** Commands without the name of the program. A line that ends in a backslash continues on the next one. */
  readonly examples: readonly string[];
  /** Meanings of the exit codes 0 and 1, if the command finds errors in data. */
  readonly exitCodes?: { readonly 0: string; readonly 1: string };
  /** Paragraphs in Markdown that only the reference page has. */
  readonly details?: readonly string[];
}

/** A list with a title. Each row has a value, or several, and their meaning. */
export interface CommandNote {
  readonly title: string;
  readonly rows: readonly (readonly [values: string, meaning: string])[];
}

/** A positional argument. All are required. */
export interface ArgumentDefinition {
  /** Placeholder, such as `CLIENT_ID`. The last one may end in `…` and then takes one or more words. */
  readonly name: string;
  readonly text: string;
  readonly choices?: readonly string[];
}

export interface OptionDefinition {
  /** Placeholder of the value, such as `NAME`. An option without a placeholder is a switch and takes no value. */
  readonly value?: string;
  readonly text: string;
  readonly choices?: readonly string[];
  /** The option may be given several times, or with several values. */
  readonly multiple?: true;
  readonly required?: true;
  readonly default?: string;
}

/** The part of a definition that says how the arguments are read. */
export type TypedWords = Pick<CommandDefinition, 'arguments' | 'options'>;

/** The arguments of a command as typed: options by name, and positional arguments in their order. */
export interface CommandArguments<Definition extends TypedWords> {
  readonly values: Definition extends { readonly options: infer Options } ? OptionValues<Options> : NoValues;
  readonly positionals: Definition extends { readonly arguments: infer Arguments extends readonly ArgumentDefinition[] }
    ? PositionalValues<Arguments>
    : readonly string[];
}

type NoValues = Readonly<Record<never, never>>;

type PositionalValues<Arguments extends readonly ArgumentDefinition[]> = readonly string[] & {
  readonly [Index in keyof Arguments]: TypedText<Arguments[Index]>;
};

/** An option that was left out is undefined, unless it is required, has a default, or is a switch, which is false. */
type OptionValues<Options> = {
  readonly [Name in keyof Options as IsAlwaysSet<Options[Name]> extends true ? Name : never]: OptionValue<
    Options[Name]
  >;
} & {
  readonly [Name in keyof Options as IsAlwaysSet<Options[Name]> extends true ? never : Name]?: OptionValue<
    Options[Name]
  >;
};

type IsAlwaysSet<Option> = Option extends { readonly value: string }
  ? Option extends { readonly required: true } | { readonly default: string }
    ? true
    : false
  : true;

type OptionValue<Option> = Option extends { readonly value: string }
  ? Option extends { readonly multiple: true }
    ? readonly TypedText<Option>[]
    : TypedText<Option>
  : boolean;

type TypedText<Defined> = Defined extends { readonly choices: readonly (infer Choice)[] } ? Choice : string;
