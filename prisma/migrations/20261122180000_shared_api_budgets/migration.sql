-- Query budgets of callers, one for all processes. Unlogged: a crash may fill them, and no request waits for the log.
CREATE UNLOGGED TABLE "api_budget" (
    "caller_id" TEXT NOT NULL,
    "points" DOUBLE PRECISION NOT NULL,
    "granted" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_budget_pkey" PRIMARY KEY ("caller_id")
);
