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

/** Fields that are chosen together, such as quantity, price and amount of one line; the first one carries the choice. */
export type FieldGroup = {
  readonly lead: DisputedField;
  readonly followers: readonly DisputedField[];
  /** What both sides would take; empty when nobody can choose here, as for payments. */
  readonly allowed: readonly ColumnChoice[];
};

/** What was chosen so far, by the path of the group's first field. */
export type Choices = ReadonlyMap<string, ColumnChoice>;

const isAllowed = ({ allowedChoices }: DisputedField, choice: ColumnChoice) =>
  allowedChoices.includes(choice);

/** Gathers the fields that move together, in the order of the document. */
export function groupsOf(fields: readonly DisputedField[]): FieldGroup[] {
  const taken = new Set<string>();
  return fields.flatMap((lead) => {
    if (taken.has(lead.path)) return [];
    const followers = fields.filter(({ path }) => lead.linkedPaths.includes(path));
    for (const { path } of [lead, ...followers]) taken.add(path);
    const allowed = columnChoices.filter((choice) => isAllowed(lead, choice));
    return [{ lead, followers, allowed }];
  });
}

/** Groups that somebody can decide. */
export const choosable = (groups: readonly FieldGroup[]): FieldGroup[] =>
  groups.filter(({ allowed }) => allowed.length > 0);

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

/** The choice of every path, as the API takes it; groups without one are left out. */
export function inputOf(groups: readonly FieldGroup[], choices: Choices): FieldChoiceInput[] {
  return groups.flatMap(({ lead, followers }) => {
    const choice = choices.get(lead.path);
    if (choice === undefined) return [];
    return [lead, ...followers].map(({ path }) => ({ path, choice }));
  });
}

/** The first group that is not decided; undefined when all are. */
export const nextUndecided = (
  groups: readonly FieldGroup[],
  choices: Choices,
): FieldGroup | undefined => choosable(groups).find(({ lead }) => !choices.has(lead.path));

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
