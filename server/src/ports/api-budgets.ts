/** Points of a caller's query budget, taken ahead by one process. */
export type BudgetLease = {
  readonly granted: number;
  /** What is left for everybody after that. */
  readonly left: number;
};

/** How much a budget holds, and how fast it fills. */
export type BudgetSize = { readonly bucket: number; readonly refillPerSecond: number };

/** Query budgets of callers, one each for all processes together. */
export interface ApiBudgets {
  /** Gives back what was taken and not used, then takes what is wanted, or what there is; nothing when that is less than needed. */
  lease(
    callerId: string,
    size: BudgetSize,
    points: { readonly needed: number; readonly wanted: number; readonly returned: number },
  ): Promise<BudgetLease>;
}
