-- A document that is gone on one side and whose invoice a person had made there anew: what is told of it afterwards concerns
-- nothing any more (architecture.md section 4, "Gone is one value").
CREATE TABLE "replaced_document" (
    "company_id" UUID NOT NULL,
    "side" "side" NOT NULL,
    "external_id" TEXT NOT NULL,
    "link_id" UUID NOT NULL,
    "replaced_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "replaced_document_pkey" PRIMARY KEY ("company_id", "side", "external_id"),
    CONSTRAINT "replaced_document_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "link"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
