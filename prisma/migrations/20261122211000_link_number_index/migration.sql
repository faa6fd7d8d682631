-- Imports, and values that people type, ask which invoice has a number.
CREATE INDEX "link_number_idx" ON "link"("company_id", "number");
