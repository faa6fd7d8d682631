import { defineConfig } from 'prisma/config';

/** For Prisma's own command line; the program applies the same migrations at start by itself. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
