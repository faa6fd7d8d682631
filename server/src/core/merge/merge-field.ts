/** How one field or coupled group stands, with the base deciding and no clock. */
export type Merge =
  /** Nobody moved. */
  | 'unchanged'
  /** Both moved to equal values. */
  | 'agreed'
  /** Only the internal side moved: its value goes to QuickBooks. */
  | 'take-internal'
  /** Only QuickBooks moved: its value goes to the internal side. */
  | 'take-quickbooks'
  /** Both moved to different values: the field's rule decides, or a person. */
  | 'conflict';

/** What is known of a field; a side has moved when it differs from its own half of the base. */
export type Movement = {
  readonly internalMoved: boolean;
  readonly quickbooksMoved: boolean;
  /** Whether both sides show equal values now, each translated into the other's terms. */
  readonly equal: boolean;
};

/** The whole of three-way merging for one field, enumerated by its test. */
export function mergeField({ internalMoved, quickbooksMoved, equal }: Movement): Merge {
  if (!internalMoved && !quickbooksMoved) return 'unchanged';
  if (internalMoved && !quickbooksMoved) return equal ? 'agreed' : 'take-internal';
  if (!internalMoved) return equal ? 'agreed' : 'take-quickbooks';
  return equal ? 'agreed' : 'conflict';
}
