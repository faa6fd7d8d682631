import type {
  ConflictPartsFragment,
  FieldChoice,
  FieldChoiceInput,
  FieldValuePartsFragment,
} from '../graphql/generated/graphql.ts';

/** One disputed field, as the API gives it. */
export type DisputedField = ConflictPartsFragment['fields'][number];

/** What the three columns offer. */
export type ColumnChoice = Exclude<FieldChoice, 'CUSTOM'>;

/** The columns in the order shown: internal left, QuickBooks right, what was last agreed between them. */
export const columnChoices = ['KEEP_INTERNAL', 'KEEP_BASE', 'KEEP_QUICKBOOKS'] as const;

/** Besides the columns: a value somebody types, or the word that two payments are not the same money. */
export type OwnChoice = 'typed' | 'separate';

/** Fields that are chosen together, such as quantity, price and amount of one line; the first one carries the choice. */
export type FieldGroup = {
  readonly lead: DisputedField;
  readonly followers: readonly DisputedField[];
  /** Columns that both sides would take; empty when nobody can choose among them. */
  readonly allowed: readonly ColumnChoice[];
  /** What else can be said; null when nothing. */
  readonly own: OwnChoice | null;
};

/** A value as it was typed, and as it is shown; `json` is undefined while it is not whole. */
export type TypedValue = { readonly json: unknown; readonly shown: FieldValuePartsFragment | null };

/** Values of one's own for every field of a group, by path. */
export type OwnValues = ReadonlyMap<string, TypedValue>;

/** One column, or values of one's own. */
export type Chosen = ColumnChoice | OwnValues;

/** What was chosen so far, by the path of the group's first field. */
export type Choices = ReadonlyMap<string, Chosen>;

/** What the API takes for payments that are not the same money. */
const separateMoney = 'SEPARATE';

/** Payments are documents of their own: what is asked of them is not a value to type. */
export const isAboutPayment = ({ path }: DisputedField): boolean => path.startsWith('payments[');

/** Whether it was chosen to type a value, rather than to take a column. */
export const isOwn = (chosen: Chosen | undefined): chosen is OwnValues =>
  chosen !== undefined && typeof chosen !== 'string';

/** The choice that both payments are money of their own. */
export const separate = ({ lead }: FieldGroup): OwnValues =>
  new Map([[lead.path, { json: separateMoney, shown: null }]]);

const isAllowed = ({ allowedChoices }: DisputedField, choice: FieldChoice) =>
  allowedChoices.includes(choice);

function ownChoiceOf(lead: DisputedField): OwnChoice | null {
  if (!isAllowed(lead, 'CUSTOM')) return null;
  return isAboutPayment(lead) ? 'separate' : 'typed';
}

/** Gathers the fields that move together, in the order of the document. */
export function groupsOf(fields: readonly DisputedField[]): FieldGroup[] {
  const taken = new Set<string>();
  return fields.flatMap((lead) => {
    if (taken.has(lead.path)) return [];
    const followers = fields.filter(({ path }) => lead.linkedPaths.includes(path));
    for (const { path } of [lead, ...followers]) taken.add(path);
    const allowed = columnChoices.filter((choice) => isAllowed(lead, choice));
    return [{ lead, followers, allowed, own: ownChoiceOf(lead) }];
  });
}

/** Groups that somebody can decide. */
export const choosable = (groups: readonly FieldGroup[]): FieldGroup[] =>
  groups.filter(({ allowed, own }) => allowed.length > 0 || own !== null);

/** The value of a column; null where that side holds none. */
export function valueOfChoice(
  field: DisputedField,
  choice: ColumnChoice,
): FieldValuePartsFragment | null {
  switch (choice) {
    case 'KEEP_INTERNAL':
      return field.internal;
    case 'KEEP_BASE':
      return field.base;
    case 'KEEP_QUICKBOOKS':
      return field.quickbooks;
    default:
      return choice satisfies never;
  }
}

/** The choice of every path, as the API takes it; groups without one, and values that are not whole, are left out. */
export function inputOf(groups: readonly FieldGroup[], choices: Choices): FieldChoiceInput[] {
  return groups.flatMap((group): FieldChoiceInput[] => {
    const { lead, followers } = group;
    const chosen = choices.get(lead.path);
    if (chosen === undefined) return [];
    const paths = [lead, ...followers].map(({ path }) => path);
    if (!isOwn(chosen)) return paths.map((path) => ({ path, choice: chosen }));
    if (!isDecided(group, choices)) return [];
    return paths.map((path) => ({
      path,
      choice: 'CUSTOM' as const,
      customValue: chosen.get(path)?.json,
    }));
  });
}

/** Whether a group is chosen, and every value typed for it is whole. */
function isDecided({ lead, followers }: FieldGroup, choices: Choices): boolean {
  const chosen = choices.get(lead.path);
  if (chosen === undefined || !isOwn(chosen)) return chosen !== undefined;
  return [lead, ...followers].every(({ path }) => chosen.get(path)?.json !== undefined);
}

/** The first group that is not decided; undefined when all are. */
export const nextUndecided = (
  groups: readonly FieldGroup[],
  choices: Choices,
): FieldGroup | undefined => choosable(groups).find((group) => !isDecided(group, choices));

/** One column for every group that may take it; the others keep what they had. */
export function chooseAll(
  groups: readonly FieldGroup[],
  choices: Choices,
  choice: ColumnChoice,
): Choices {
  const able = groups.filter(({ allowed }) => allowed.includes(choice));
  return new Map([...choices, ...able.map(({ lead }) => [lead.path, choice] as const)]);
}

/** What is advised for a group, when one of the columns is. */
export function suggestedFor({ lead, allowed }: FieldGroup): ColumnChoice | undefined {
  return allowed.find((choice) => choice === lead.suggestion?.choice);
}
