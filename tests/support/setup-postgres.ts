import { beforeEach, inject } from 'vitest';

/** Servers that tests of this project start are on PostgreSQL (support/server.ts). */
const url = inject('postgresUrl');
if (url) process.env.DATABASE_URL_TEST = url;
else beforeEach((context) => context.skip('There is no PostgreSQL for this platform.'));
