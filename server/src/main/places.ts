import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** Where the migrations lie. */
export const migrationsDir = path.join(root, 'prisma/migrations');

/** Where the built web app lies. */
export const webDir = path.join(root, 'web/dist');
