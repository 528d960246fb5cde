import type { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it } from 'vitest';
import { createQueryClient, invalidateTables, takeEarlyAnswers } from '../../renderer/lib/core.ts';

const later = () => new Promise((resolve) => setTimeout(resolve, 0));
const stale = (client: QueryClient, method: string) => client.getQueryState([method, {}])?.isInvalidated;

describe('changed tables', () => {
	const client = createQueryClient();
	afterEach(() => client.clear());

	it('make stale the answers that were read from them, and no others', () => {
		for (const method of ['accounts.list', 'users.list', 'sync.status']) client.setQueryData([method, {}], []);
		invalidateTables(client, ['issue']);
		expect(stale(client, 'accounts.list')).toBe(true);
		expect(stale(client, 'users.list')).toBe(false);
		expect(stale(client, 'sync.status')).toBe(false);
		invalidateTables(client, ['outbox']);
		expect(stale(client, 'sync.status')).toBe(true);
	});
});

describe('answers asked for before the page was drawn', () => {
	it('are in the cache when they arrive', async () => {
		const client = createQueryClient();
		takeEarlyAnswers(client, [{ method: 'accounts.list', answer: Promise.resolve({ ok: true, value: ['row'] }) }]);
		await later();
		expect(client.getQueryData(['accounts.list', {}])).toEqual(['row']);
	});

	it('that failed leave nothing behind, so that the list asks afresh', async () => {
		const client = createQueryClient();
		const error = { code: 'store_locked', message: 'closed' } as const;
		takeEarlyAnswers(client, [{ method: 'accounts.list', answer: Promise.resolve({ ok: false, error }) }]);
		await later();
		expect(client.getQueryState(['accounts.list', {}])).toBeUndefined();
	});
});
